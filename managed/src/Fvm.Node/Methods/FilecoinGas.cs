using System.Numerics;

namespace Fvm.Node;

/// <summary>Gas limits and fees of messages, by the rules of Lotus (<c>node/impl/gasutils</c>).</summary>
/// <param name="chain">The chain.</param>
internal sealed class FilecoinGas(LocalChain chain)
{
    // The base fee rises by an eighth per epoch at most.
    private const int IncreaseNumerator = 9;
    private const int IncreaseDenominator = 8;
    private const int MaxEpochs = 1_000;
    private const long DefaultEpochs = 20;

    private readonly FeeAdvice _fees = new(chain);

    /// <summary>The premium for a place in one of the next blocks.</summary>
    public TokenAmount Premium() => _fees.Premium();

    /// <summary>The gas that a message uses.</summary>
    /// <exception cref="RpcException">It fails.</exception>
    public async Task<ulong> LimitOfAsync(Message message)
    {
        CallOutcome outcome = await chain.CallAsync(message with { GasLimit = 0 }, chain.Head, pending: chain.Pool.Count > 0);
        if (!outcome.ExitCode.IsSuccess)
        {
            string reason = CallErrors.ReasonOf(outcome.Data) ?? outcome.Ret.Failure ?? "none given";
            throw RpcException.OfRevert(
                $"message execution failed: exit {outcome.ExitCode.Describe()}, reason: {PrintableText.Of(reason)}", outcome.Data);
        }

        return outcome.GasUsed;
    }

    /// <summary>The fee cap that pays for a message even after some epochs with full blocks.</summary>
    /// <param name="message">The message.</param>
    /// <param name="epochs">How many epochs.</param>
    public TokenAmount FeeCapOf(Message message, long epochs = DefaultEpochs)
    {
        int rises = (int)Math.Clamp(epochs, 0, MaxEpochs);
        BigInteger fee = chain.NextBaseFee.Atto * BigInteger.Pow(IncreaseNumerator, rises) / BigInteger.Pow(IncreaseDenominator, rises);
        return TokenAmount.FromAtto(fee) + message.GasPremium;
    }

    /// <summary>A message with the gas limit and the fees that it lacks.</summary>
    /// <param name="message">The message.</param>
    /// <param name="maxFee">What it may cost in all; zero for no limit.</param>
    /// <exception cref="RpcException">It fails, so that its gas cannot be estimated.</exception>
    public async Task<Message> CompleteAsync(Message message, TokenAmount maxFee)
    {
        if (message.GasLimit == 0)
        {
            ulong used = await LimitOfAsync(message);
            message = message with { GasLimit = LocalChain.WithMargin(used) };
        }

        if (message.GasPremium.IsZero)
        {
            message = message with { GasPremium = Premium() };
        }

        if (message.GasFeeCap.IsZero)
        {
            message = message with { GasFeeCap = FeeCapOf(message) };
        }

        return Cap(message, maxFee);
    }

    private static Message Cap(Message message, in TokenAmount maxFee)
    {
        TokenAmount cap = message.GasFeeCap;
        if (!maxFee.IsZero && cap * message.GasLimit > maxFee)
        {
            cap = TokenAmount.FromAtto(maxFee.Atto / message.GasLimit);
        }

        return message with { GasFeeCap = cap, GasPremium = message.GasPremium > cap ? cap : message.GasPremium };
    }
}
