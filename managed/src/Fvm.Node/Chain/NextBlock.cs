namespace Fvm.Node;

/// <summary>What is settled about the next block. Immutable, so that any thread sees all of it as of one moment.</summary>
internal sealed record NextBlock
{
    /// <summary>The base fee; null for what follows from the block before.</summary>
    public TokenAmount? BaseFee { get; init; }

    /// <summary>The time; null for that of the clock.</summary>
    public ulong? Timestamp { get; init; }

    /// <summary>The seconds between this block and the one before, and so on; null for the clock's.</summary>
    public ulong? Interval { get; init; }

    /// <summary>By how many seconds the clock is ahead.</summary>
    public long ClockOffset { get; init; }
}
