using System.Numerics;

namespace Fvm.Chain;

/// <summary>The base fee of a tipset's children (Lotus: <c>chain/store/basefee.go</c>).</summary>
internal static class BaseFee
{
    private const long BlockGasLimit = 10_000_000_000;
    private const long Target = BlockGasLimit / 2;
    private const long PremiumIndex = (BlockGasLimit * 80 / 100) - 1;
    private const long MaxChangeDenominator = 8;
    private const long Minimum = 100;

    /// <summary>The base fee after a tipset.</summary>
    /// <param name="network">The network.</param>
    /// <param name="tipset">The tipset.</param>
    /// <param name="messages">All messages of each of its blocks.</param>
    public static TokenAmount After(NetworkParameters network, Tipset tipset, IReadOnlyList<IReadOnlyList<ChainMessage>> messages) =>
        tipset.Epoch.Value < network.FireHorse
            ? ByUtilization(tipset, messages, underpacked: tipset.Epoch.Value <= network.Smoke)
            : ByPremiums(tipset.First.BaseFee, messages.SelectMany(static block => block).Select(static message => message.Message));

    /// <summary>Up to an eighth up or down, by how much gas the blocks ask for.</summary>
    private static TokenAmount ByUtilization(Tipset tipset, IReadOnlyList<IReadOnlyList<ChainMessage>> messages, bool underpacked)
    {
        HashSet<Ipld.Cid> seen = [];
        long limits = 0;
        foreach (ChainMessage message in messages.SelectMany(static block => block))
        {
            // Two signatures of one message count twice.
            limits += seen.Add(message.Cid) ? (long)message.Message.GasLimit : 0;
        }

        // Before the Smoke upgrade, blocks counted as full at four fifths.
        long used = underpacked ? 5 * limits / (4 * tipset.Blocks.Count) : limits / tipset.Blocks.Count;
        long delta = Math.Clamp(used - Target, -Target, Target);
        BigInteger fee = tipset.First.BaseFee.Atto;
        BigInteger change = FloorDivide(FloorDivide(fee * delta, Target), MaxChangeDenominator);
        return TokenAmount.FromAtto(BigInteger.Max(fee + change, Minimum));
    }

    /// <summary>By the premium of the message at a fifth of the gas, counted from the highest.</summary>
    private static TokenAmount ByPremiums(TokenAmount fee, IEnumerable<Message> messages)
    {
        HashSet<(Address, ulong)> seen = [];
        List<(BigInteger Premium, long Limit)> offers = [];
        foreach (Message message in messages)
        {
            if (seen.Add((message.From, message.Sequence)))
            {
                offers.Add((PremiumOf(message, fee), (long)message.GasLimit));
            }
        }

        BigInteger premium = BigInteger.Zero;
        long index = PremiumIndex;
        foreach ((BigInteger offer, long limit) in offers.OrderByDescending(static offer => offer.Premium))
        {
            if (index < limit)
            {
                premium = offer;
                break;
            }

            index -= limit;
        }

        BigInteger step = FloorDivide(fee.Atto + MaxChangeDenominator - 1, MaxChangeDenominator);
        return TokenAmount.FromAtto(BigInteger.Max(Minimum, fee.Atto + BigInteger.Min(step, premium - step)));
    }

    private static BigInteger PremiumOf(Message message, TokenAmount fee)
    {
        BigInteger room = message.GasFeeCap.Atto - fee.Atto;
        return BigInteger.Max(BigInteger.Zero, BigInteger.Min(room, message.GasPremium.Atto));
    }

    // Go's big.Div is Euclidean: for positive divisors it rounds down.
    private static BigInteger FloorDivide(BigInteger dividend, long divisor) =>
        (dividend - (((dividend % divisor) + divisor) % divisor)) / divisor;
}
