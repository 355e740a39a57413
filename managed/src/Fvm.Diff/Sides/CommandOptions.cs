namespace Fvm.Diff;

/// <summary>What a command of a comparison may use.</summary>
public sealed record CommandOptions
{
    /// <summary>The time from one vector's result to the next one's, and to the first one's.</summary>
    public TimeSpan TimePerVector { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>Bytes of all results of one run.</summary>
    public long MaxOutputBytes { get; init; } = 1L << 30;

    /// <summary>Bytes of one vector's results, on one line.</summary>
    public int MaxLineBytes { get; init; } = 256 << 20;

    /// <summary>Whether the new blocks of states are wanted, from commands that write them.</summary>
    public bool TakesBlocks { get; init; } = true;

    /// <summary>The folder of the actors' bundles, for the command's environment; null leaves the environment as it is.</summary>
    public string? BundleDirectory { get; init; }
}
