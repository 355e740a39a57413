namespace Fvm;

/// <summary>The result of applying a message. Amounts are in attoFIL.</summary>
public sealed record ApplyRet
{
    private readonly string? _failure;

    /// <summary>A result of a message that paid nothing.</summary>
    public ApplyRet()
    {
    }

    /// <summary>A result with what was paid.</summary>
    internal ApplyRet(in GasOutputs paid)
    {
        Penalty = paid.MinerPenalty;
        MinerTip = paid.MinerTip;
        BaseFeeBurn = paid.BaseFeeBurn;
        OverEstimationBurn = paid.OverEstimationBurn;
        Refund = paid.Refund;
        GasRefund = paid.GasRefund;
        GasBurned = paid.GasBurned;
    }

    /// <summary>The on-chain receipt.</summary>
    public required Receipt Receipt { get; init; }

    /// <summary>The miner's penalty for including the message.</summary>
    public TokenAmount Penalty { get; init; } = TokenAmount.Zero;

    /// <summary>The tip paid to the miner.</summary>
    public TokenAmount MinerTip { get; init; } = TokenAmount.Zero;

    /// <summary>The base fee burnt for the gas used.</summary>
    public TokenAmount BaseFeeBurn { get; init; } = TokenAmount.Zero;

    /// <summary>The amount burnt for overestimating the gas limit.</summary>
    public TokenAmount OverEstimationBurn { get; init; } = TokenAmount.Zero;

    /// <summary>The amount refunded to the sender.</summary>
    public TokenAmount Refund { get; init; } = TokenAmount.Zero;

    /// <summary>The gas refunded to the sender, in whole gas.</summary>
    public ulong GasRefund { get; init; }

    /// <summary>The gas burnt for overestimation, in whole gas.</summary>
    public ulong GasBurned { get; init; }

    /// <summary>Why the message failed, human-readable; null if it succeeded.</summary>
    public string? Failure
    {
        get => _failure ?? (Backtrace is null ? null : $"message failed with backtrace:\n{Backtrace}");
        init => _failure = value;
    }

    /// <summary>The codec of the returned block, if any.</summary>
    public ulong? ReturnCodec { get; init; }

    /// <summary>The emitted events.</summary>
    public IReadOnlyList<StampedEvent> Events { get; init; } = [];

    /// <summary>The trace; empty if tracing is off.</summary>
    public IReadOnlyList<ExecutionEvent> Trace { get; init; } = [];

    /// <summary>What a receipt on the chain says about the result of a message, and what follows from it: what was paid.</summary>
    /// <param name="message">The message; not one of the system.</param>
    /// <param name="receipt">Its receipt.</param>
    /// <param name="baseFee">The epoch's base fee, in attoFIL per unit of gas.</param>
    public static ApplyRet OfReceipt(Message message, Receipt receipt, in TokenAmount baseFee)
    {
        // A message that is not executed has no gas in its receipt.
        GasOutputs outputs = receipt.GasUsed == 0
            ? default
            : GasOutputs.Compute(receipt.GasUsed, message.GasLimit, baseFee, message.GasFeeCap, message.GasPremium);
        return new ApplyRet(outputs) { Receipt = receipt };
    }

    /// <summary>What <see cref="Failure"/> tells of a message that was executed; its text is made each time it is asked for.</summary>
    internal Backtrace? Backtrace { get; init; }

    internal static ApplyRet PrevalidationFailure(ExitCode exitCode, string failure, TokenAmount penalty) => new()
    {
        Receipt = new Receipt { ExitCode = exitCode },
        Penalty = penalty,
        Failure = $"pre-validation failed: {failure}",
    };
}
