using System.Numerics;

namespace Fvm.Chain;

/// <summary>The weight by which expected consensus prefers one chain to another (Lotus: <c>chain/consensus/filcns/weight.go</c>).</summary>
public static class TipsetWeight
{
    // Of the power actor's state, since version 8 of the actors.
    private const int QualityPowerField = 2;

    // Fixed point of 8 bits, the weight of wins beside power, and the wins that are expected per epoch.
    private const int Fraction = 8;
    private const int RatioNumerator = 1;
    private const int RatioDenominator = 2;
    private const int ExpectedWins = 5;

    /// <summary>The weight of a chain that ends with a tipset, which is its children's <see cref="BlockHeader.ParentWeight"/>.</summary>
    /// <param name="tipset">The tipset.</param>
    /// <param name="tree">The state before its messages.</param>
    /// <returns>The weight; null if the network has no power, so that it has no consensus.</returns>
    /// <exception cref="ChainException">The state is incomplete.</exception>
    public static TokenAmount? Of(Tipset tipset, StateTree tree)
    {
        // A number of bytes, in the form of an amount.
        BigInteger power = ActorFields.Sum(tree, ActorId.StoragePower, QualityPowerField).Atto;
        if (power.Sign <= 0)
        {
            return null;
        }

        BigInteger share = (BigInteger)((long)power.GetBitLength() - 1) << Fraction;
        long wins = tipset.Blocks.Sum(static block => block.WinCount);
        return tipset.First.ParentWeight + TokenAmount.FromAtto(share + (share * RatioNumerator * wins / (ExpectedWins * RatioDenominator)));
    }
}
