using System.Diagnostics;
using Fvm.Hosting;
using Fvm.Protocol.V1;

namespace Fvm.Sidecar;

/// <summary>What the machines of a session share.</summary>
/// <param name="Callbacks">The way to the client.</param>
/// <param name="Lanes">The lanes that the session may hold.</param>
/// <param name="Bytes">The bytes held for it.</param>
/// <param name="Priority">The priority of calls that state none.</param>
/// <param name="Name">The server's name of the session.</param>
/// <param name="Trace">The client's span.</param>
/// <param name="Prefetches">Whether machines ask for blocks on a guess.</param>
/// <param name="HasCompleteStore">Whether blocks of the shared cache need no confirmation by the client.</param>
/// <param name="Hints">What the client's connection teaches.</param>
internal sealed record SessionParts(
    Callbacks Callbacks, SemaphoreSlim Lanes, SessionBytes Bytes, Priority Priority, string Name, ActivityContext Trace, bool Prefetches,
    bool HasCompleteStore, ConnectionHints Hints)
{
    private const int MaxKnown = 1 << 15;
    private const int MaxLacked = 1 << 12;

    /// <summary>
    /// What the client has shown to have: blocks that it returned, stored or confirmed. A machine takes these alone from the cache that sessions
    /// share: whether a block exists is its own client's answer.
    /// </summary>
    public KnownBlocks Known { get; } = new(MaxKnown);

    /// <summary>What the client lacked when it was asked. These are asked for again when they are wanted, not on a guess.</summary>
    public KnownBlocks Lacked { get; } = new(MaxLacked);

    /// <summary>What machines read earlier.</summary>
    public EarlierReads Earlier => Hints.Earlier;

    /// <summary>How guesses fare.</summary>
    public GuessShares Guesses => Hints.Guesses;

    /// <summary>The priority of a call.</summary>
    public LanePriority PriorityOf(Priority stated) => (stated == Priority.Unspecified ? Priority : stated) switch
    {
        Priority.High => LanePriority.High,
        Priority.Low => LanePriority.Low,
        _ => LanePriority.Normal,
    };
}
