using System.Numerics;

namespace Fvm.Node;

/// <summary>What transactions should pay, from what those of the last blocks paid.</summary>
/// <param name="chain">The chain.</param>
internal sealed class FeeAdvice(LocalChain chain)
{
    private const int Blocks = 10;

    // Lotus: node/impl/gasutils, MinGasPremium.
    private static readonly TokenAmount LeastPremium = TokenAmount.FromAtto(100_000L);

    /// <summary>The premium per gas: the median of recent ones, but at least what Lotus suggests.</summary>
    public TokenAmount Premium()
    {
        List<BigInteger> premiums = [];
        foreach (LocalBlock block in chain.Last(Blocks))
        {
            premiums.AddRange(block.Messages.Select(static message => message.Message.Message.GasPremium.Atto));
        }

        premiums.Sort();
        TokenAmount median = premiums.Count == 0 ? TokenAmount.Zero : TokenAmount.FromAtto(premiums[premiums.Count / 2]);
        return median > LeastPremium ? median : LeastPremium;
    }

    /// <summary>The price of a legacy transaction.</summary>
    public TokenAmount Price() => chain.NextBaseFee + Premium();

    /// <summary>A fee cap that lasts for some blocks.</summary>
    /// <param name="premium">The premium beside the base fee.</param>
    public TokenAmount FeeCap(in TokenAmount premium) => (chain.NextBaseFee * 2) + premium;
}
