namespace Fvm.Node;

/// <summary>What a filter or a subscription is about.</summary>
internal enum FilterKind
{
    Blocks,
    Logs,
    Messages,
}
