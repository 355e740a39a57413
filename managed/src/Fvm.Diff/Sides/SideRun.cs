using Fvm.Ipld;
using Fvm.Vectors;

namespace Fvm.Diff;

/// <summary>What a side made of one vector.</summary>
public sealed record SideRun
{
    /// <summary>Time spent applying each message; empty if the side does not tell.</summary>
    public IReadOnlyList<TimeSpan> MessageTimes { get; init; } = [];

    /// <summary>Why the side ended before the state root; null if it did not.</summary>
    public string? Failure { get; init; }

    /// <summary>Whether the vector did not even begin, because it or what it needs is unusable; the side is not to blame.</summary>
    public bool IsUnusable { get; init; }

    /// <summary>One per message that has a receipt.</summary>
    public IReadOnlyList<MessageOutcome> Outcomes { get; init; } = [];

    /// <summary>The state root after the last message; null if the side failed.</summary>
    public string? StateRoot { get; init; }

    /// <summary>Whether an absent codec means that nothing was returned; some sides do not report codecs.</summary>
    public bool TellsReturnCodec { get; init; } = true;

    public TraceOrder Order { get; init; }

    /// <summary>The blocks that the flush wrote; null if the side does not hand them over.</summary>
    public IReadOnlyCollection<KeyValuePair<Cid, byte[]>>? Written { get; init; }

    /// <summary>The randomness that this process's host made up for epochs that the vector does not list; empty for other hosts.</summary>
    public IReadOnlyList<VectorRandomness> MadeUpRandomness { get; init; } = [];

    /// <summary>A run that ended before the first message.</summary>
    public static SideRun Failed(string why, bool isUnusable = false) => new() { Failure = why, IsUnusable = isUnusable };
}
