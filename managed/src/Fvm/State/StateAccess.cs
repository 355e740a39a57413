namespace Fvm;

/// <summary>How much access to an actor's state has been paid for; each level includes the previous one.</summary>
internal enum StateAccess
{
    None,
    Read,
    Updated,
}
