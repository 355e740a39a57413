namespace Fvm;

/// <summary>What applying a message gives. Amounts are in attoFIL.</summary>
public sealed record ApplyRet
{
    /// <summary>What goes on chain.</summary>
    public required Receipt Receipt { get; init; }

    /// <summary>What the miner pays for including the message.</summary>
    public TokenAmount Penalty { get; init; } = TokenAmount.Zero;

    /// <summary>What the miner earns.</summary>
    public TokenAmount MinerTip { get; init; } = TokenAmount.Zero;

    /// <summary>The base fee of the gas used.</summary>
    public TokenAmount BaseFeeBurn { get; init; } = TokenAmount.Zero;

    /// <summary>What is burnt for a gas limit far above the gas used.</summary>
    public TokenAmount OverEstimationBurn { get; init; } = TokenAmount.Zero;

    /// <summary>What the sender gets back.</summary>
    public TokenAmount Refund { get; init; } = TokenAmount.Zero;

    /// <summary>Gas that the sender gets back.</summary>
    public ulong GasRefund { get; init; }

    /// <summary>Gas that is burnt although it was not used.</summary>
    public ulong GasBurned { get; init; }

    /// <summary>Why the message failed, for people; null where it did not.</summary>
    public string? Failure { get; init; }

    /// <summary>The codec of the returned block, if any.</summary>
    public ulong? ReturnCodec { get; init; }

    /// <summary>The events that were emitted.</summary>
    public IReadOnlyList<StampedEvent> Events { get; init; } = [];

    /// <summary>The trace; empty where none was asked for.</summary>
    public IReadOnlyList<ExecutionEvent> Trace { get; init; } = [];

    internal static ApplyRet PrevalidationFailure(ExitCode exitCode, string failure, TokenAmount penalty) => new()
    {
        Receipt = new Receipt { ExitCode = exitCode },
        Penalty = penalty,
        Failure = $"pre-validation failed: {failure}",
    };
}
