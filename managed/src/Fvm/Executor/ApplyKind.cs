namespace Fvm;

/// <summary>How a message is applied.</summary>
public enum ApplyKind
{
    /// <summary>A message of an account: checked, paid for, receipt and burns.</summary>
    Explicit,

    /// <summary>A message of the system's own (cron, rewards): no nonce, nothing paid, but gas is counted and limited.</summary>
    Implicit,
}
