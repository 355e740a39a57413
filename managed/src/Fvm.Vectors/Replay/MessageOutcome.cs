// What a message gave, in the text form of vectors.
namespace Fvm.Vectors;

/// <summary>What applying one message gave, in the form that vectors record it: amounts as decimal attoFIL, Cids as text.</summary>
public sealed record MessageOutcome
{
    public required uint ExitCode { get; init; }

    public required byte[] Return { get; init; }

    public required ulong GasUsed { get; init; }

    /// <summary>Null when the message gave no events.</summary>
    public string? EventsRoot { get; init; }

    public required string MinerPenalty { get; init; }

    public required string MinerTip { get; init; }

    public required string BaseFeeBurn { get; init; }

    public required string OverEstimationBurn { get; init; }

    public required string Refund { get; init; }

    public required ulong GasRefund { get; init; }

    public required ulong GasBurned { get; init; }

    /// <summary>Null when nothing was returned.</summary>
    public ulong? ReturnCodec { get; init; }

    /// <summary>For people; never compared.</summary>
    public string? Failure { get; init; }

    /// <summary>The events as the vectors record them: a JSON list.</summary>
    public required string EventsJson { get; init; }

    /// <summary>Hexadecimal; null when the machine did not trace.</summary>
    public string? TraceDigest { get; init; }

    /// <summary>Null when the machine did not trace.</summary>
    public int? TraceLength { get; init; }

    /// <summary>The trace's lines as compact JSON; null unless they were asked for.</summary>
    public IReadOnlyList<string>? Trace { get; init; }
}
