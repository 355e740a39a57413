namespace Fvm;

/// <summary>How a message is applied.</summary>
public enum ApplyKind
{
    /// <summary>A message of an account: checked and paid for; yields a receipt and burns.</summary>
    Explicit,

    /// <summary>A message of the system (cron, rewards): no nonce, no payment, but gas is metered and limited.</summary>
    Implicit,
}
