namespace Fvm;

/// <summary>Flags of an invocation, as <c>vm.message_context</c> gives them.</summary>
[Flags]
internal enum ContextFlags : ulong
{
    None = 0,

    /// <summary>The state must stay as it is.</summary>
    ReadOnly = 1,
}
