namespace Fvm.Tracing;

/// <summary>A call or a creation as Ethereum's tools see it.</summary>
public sealed class EthFrame
{
    private readonly List<EthFrame> _frames = [];

    // Of each frame, how many calls were made before it: calls without a frame are counted too.
    private readonly List<int> _callsBefore = [];

    internal EthFrame(CallNode call, CallNode inner)
    {
        Source = call;
        Inner = inner;
    }

    public required EthCallType Type { get; init; }

    public bool IsCreation => Type is EthCallType.Create or EthCallType.Create2;

    public required EthAddress From { get; init; }

    /// <summary>The receiver, or the created contract; null for a failed creation.</summary>
    public required EthAddress? To { get; init; }

    /// <summary>The data of a call, or the init code.</summary>
    public required ReadOnlyMemory<byte> Input { get; init; }

    /// <summary>
    /// The returned data. For a creation: 0xfe, which no contract's code can begin with, in place of the code, or what a revert returned.
    /// </summary>
    public required ReadOnlyMemory<byte> Output { get; init; }

    /// <summary>The gas limit.</summary>
    public ulong Gas => Source.Call.GasLimit;

    /// <summary>
    /// Gas of the call without the calls in it, each charge rounded up; for the outermost one with that of the message's inclusion. This is
    /// what Lotus gives as gasUsed.
    /// </summary>
    public required ulong OwnGas { get; init; }

    /// <summary>Gas of the call and all in it, rounded up; for the outermost one with that of the message's inclusion.</summary>
    public required ulong TotalGas { get; init; }

    public TokenAmount Value => Source.Call.Value;

    /// <summary>Why it failed; null if it did not.</summary>
    public required string? Error { get; init; }

    public bool IsReverted => Error == EthErrors.Reverted;

    /// <summary>The call that this is a form of.</summary>
    public CallNode Source { get; }

    /// <summary>The call that ran the code: of a creation, the constructor's.</summary>
    public CallNode Inner { get; }

    /// <summary>The calls and creations in it, in order.</summary>
    public IReadOnlyList<EthFrame> Frames => _frames;

    /// <summary>The number of frames among the first calls.</summary>
    internal int FramesBefore(int calls)
    {
        int at = _callsBefore.BinarySearch(calls);
        return at < 0 ? ~at : at;
    }

    internal void Add(EthFrame frame, int callsBefore)
    {
        _frames.Add(frame);
        _callsBefore.Add(callsBefore);
    }
}
