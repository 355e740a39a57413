namespace Fvm.Native;

/// <summary>
/// What one machine's host has been asked, and whether it kept to its contract. A host that breaks it (an answer without a meaning, a
/// handle that nobody registered) makes the call during which it did so fail, and the machine goes on.
/// </summary>
/// <param name="share">What a message of the machine needs to compute; null where it needs nothing.</param>
internal sealed class HostCalls(ProcessorShare? share = null)
{
    private bool _computing;

    /// <summary>The host's answers below zero.</summary>
    public const int InvalidHandle = -1;
    public const int NotFound = -2;

    /// <summary>What is answered in place of a host that ended its thread (<c>native/src/callbacks.c</c>).</summary>
    public const int ThreadEnded = int.MaxValue;

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

    /// <summary>Begins a message: waits until it may compute.</summary>
    public void BeginMessage()
    {
        share?.Take();
        _computing = true;
    }

    /// <summary>Ends a message.</summary>
    public void EndMessage()
    {
        _computing = false;
        share?.Give();
    }

    /// <summary>Before a callback: while a message waits for its host, another may compute.</summary>
    public void BeforeCallback()
    {
        if (_computing)
        {
            share?.Give();
        }
    }

    /// <summary>After a callback, however it ended.</summary>
    public void AfterCallback()
    {
        if (_computing)
        {
            share?.Take();
        }
    }

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
