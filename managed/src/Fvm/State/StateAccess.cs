namespace Fvm;

/// <summary>How much of the access to an actor's state has been paid for; each contains the one before.</summary>
internal enum StateAccess
{
    None,
    Read,
    Updated,
}
