namespace Fvm.Chain;

/// <summary>Limits of the requests to a node.</summary>
public sealed record RpcSettings
{
    /// <summary>The time for one request and its whole answer.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The number of times that a request is sent before it fails.</summary>
    public int Attempts { get; init; } = 8;

    /// <summary>The longest pause before the second attempt; it doubles with each further one.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>The longest pause between two attempts.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>The longest pause that a node may ask for; a request to a node that wants a longer one fails.</summary>
    public TimeSpan LongestRetryAfter { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>The most blocks in one request.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>The most requests at the same time.</summary>
    public int InFlight { get; init; } = 8;

    /// <summary>The longest answer, in bytes after decompression.</summary>
    public int MaxAnswerBytes { get; init; } = 64 << 20;
}
