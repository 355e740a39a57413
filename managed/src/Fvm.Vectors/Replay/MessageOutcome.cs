namespace Fvm.Vectors;

/// <summary>The result of one message in the vector format: amounts as decimal attoFIL, CIDs as text.</summary>
public sealed record MessageOutcome
{
    public required uint ExitCode { get; init; }

    public required byte[] Return { get; init; }

    public required ulong GasUsed { get; init; }

    /// <summary>Null if the message emitted no events.</summary>
    public string? EventsRoot { get; init; }

    public required string MinerPenalty { get; init; }

    public required string MinerTip { get; init; }

    public required string BaseFeeBurn { get; init; }

    public required string OverEstimationBurn { get; init; }

    public required string Refund { get; init; }

    public required ulong GasRefund { get; init; }

    public required ulong GasBurned { get; init; }

    /// <summary>Null if nothing was returned.</summary>
    public ulong? ReturnCodec { get; init; }

    /// <summary>Human-readable; never compared.</summary>
    public string? Failure { get; init; }

    /// <summary>The events in the vector format: a JSON list.</summary>
    public required string EventsJson { get; init; }

    /// <summary>Hexadecimal; null if tracing was off.</summary>
    public string? TraceDigest { get; init; }

    /// <summary>Null if tracing was off.</summary>
    public int? TraceLength { get; init; }

    /// <summary>The trace's lines as compact JSON; null unless requested.</summary>
    public IReadOnlyList<string>? Trace { get; init; }
}
