namespace Fvm.Fuzz;

/// <summary>What to fuzz, and for how long.</summary>
public sealed record FuzzOptions
{
    /// <summary>Determines all inputs, with <see cref="Workers"/>.</summary>
    public ulong Seed { get; init; }

    /// <summary>No round begins after so long.</summary>
    public TimeSpan Time { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The number of rounds; null for as many as there is time for.</summary>
    public int? Rounds { get; init; }

    /// <summary>The number of batches at a time; a round has one per worker, and a side that starts processes so many of them.</summary>
    public int Workers { get; init; } = 1;

    /// <summary>The number of inputs per process of a side that starts processes; the first ones get fewer, and engines never that many.</summary>
    public int Batch { get; init; } = 4_096;

    /// <summary>Ends after so many finds.</summary>
    public int MaxFinds { get; init; } = 10;

    /// <summary>The folder of inputs, finds and progress.</summary>
    public required string Corpus { get; init; }

    /// <summary>Whether to continue what the folder has, instead of refusing it.</summary>
    public bool Resume { get; init; }

    /// <summary>Whether to keep the messages that take the most time per gas.</summary>
    public bool ChecksSlow { get; init; }

    /// <summary>The folder of the actors' bundles; null if there is none.</summary>
    public string? BundleDirectory { get; init; }

    /// <summary>Bundles whose genesis to start from; empty for those of the network versions.</summary>
    public IReadOnlyList<string> Bundles { get; init; } = [];

    /// <summary>The network versions to run at.</summary>
    public IReadOnlyList<uint> NetworkVersions { get; init; } = [];

    /// <summary>Whether sequences run at other network versions than the one whose actors the state has, too.</summary>
    public bool CrossesVersions { get; init; }

    /// <summary>Files of vectors to start from, too.</summary>
    public IReadOnlyList<string> Seeds { get; init; } = [];
}
