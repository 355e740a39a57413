namespace Fvm.Native;

/// <summary>
/// What one machine's host has been asked, and whether it kept to its contract. A host that breaks it (an answer without a meaning, a
/// handle that nobody registered) makes the call during which it did so fail, and the machine goes on.
/// </summary>
internal sealed class HostCalls
{
    /// <summary>The host's answers below zero.</summary>
    public const int InvalidHandle = -1;
    public const int NotFound = -2;

    /// <summary>How often a block was asked for, or put.</summary>
    public long Blocks { get; set; }

    /// <summary>How often something of the chain was asked for.</summary>
    public long Externs { get; set; }

    /// <summary>Reads that no callback was needed for.</summary>
    public long CacheHits { get; set; }

    /// <summary>How the host broke its contract during this call; null where it did not.</summary>
    public string? Breach { get; set; }

    /// <summary>Callbacks of all kinds.</summary>
    public long Total => Blocks + Externs;

    /// <summary>Notes a breach.</summary>
    /// <returns>Its text.</returns>
    public string Break(string what) => Breach ??= what;

    /// <summary>Ends a call.</summary>
    /// <exception cref="CallFailedException">The host broke its contract during the call.</exception>
    public void ThrowIfBroken()
    {
        if (Breach is string breach)
        {
            Breach = null;
            throw new CallFailedException(breach);
        }
    }
}
