namespace Fvm;

/// <summary>
/// The distribution of a message's gas payment (reference: <c>fvm/src/gas/outputs.rs</c>). For implicit messages all amounts are zero.
/// </summary>
/// <param name="BaseFeeBurn">Burnt for the gas used.</param>
/// <param name="OverEstimationBurn">Burnt for overestimating the gas limit.</param>
/// <param name="MinerPenalty">Owed by the block's miner for including a message that pays less than the base fee.</param>
/// <param name="MinerTip">Paid to the block's miner.</param>
/// <param name="Refund">Refunded to the sender.</param>
/// <param name="GasRefund">Refunded gas, in whole gas.</param>
/// <param name="GasBurned">Gas burnt for overestimation, in whole gas.</param>
internal readonly record struct GasOutputs(
    TokenAmount BaseFeeBurn,
    TokenAmount OverEstimationBurn,
    TokenAmount MinerPenalty,
    TokenAmount MinerTip,
    TokenAmount Refund,
    ulong GasRefund,
    ulong GasBurned)
{
    /// <param name="gasUsed">In whole gas.</param>
    /// <param name="gasLimit">In whole gas.</param>
    /// <param name="baseFee">The epoch's base fee, in attoFIL per unit of gas.</param>
    /// <param name="feeCap">The message's fee cap, in attoFIL per unit of gas.</param>
    /// <param name="premium">The message's gas premium, in attoFIL per unit of gas.</param>
    public static GasOutputs Compute(
        ulong gasUsed, ulong gasLimit, in TokenAmount baseFee, in TokenAmount feeCap, in TokenAmount premium)
    {
        TokenAmount paidBaseFee = baseFee;
        TokenAmount penalty = TokenAmount.Zero;
        if (baseFee > feeCap)
        {
            paidBaseFee = feeCap;
            penalty = (baseFee - feeCap) * gasUsed;
        }

        TokenAmount baseFeeBurn = paidBaseFee * gasUsed;
        TokenAmount tip = (paidBaseFee + premium > feeCap ? feeCap - paidBaseFee : premium) * gasLimit;
        (ulong gasRefund, ulong gasBurned) = OverEstimation(gasUsed, gasLimit);
        TokenAmount overEstimationBurn = TokenAmount.Zero;
        if (gasBurned != 0)
        {
            overEstimationBurn = paidBaseFee * gasBurned;
            penalty += (baseFee - paidBaseFee) * gasBurned;
        }

        TokenAmount refund = feeCap * gasLimit - baseFeeBurn - tip - overEstimationBurn;
        return new GasOutputs(baseFeeBurn, overEstimationBurn, penalty, tip, refund, gasRefund, gasBurned);
    }

    // Of the unused gas, the part burnt is the share by which the limit exceeds 110 % of the gas used, at most all of it.
    internal static (ulong Refund, ulong Burned) OverEstimation(ulong gasUsed, ulong gasLimit)
    {
        if (gasUsed == 0)
        {
            return (0, gasLimit);
        }

        UInt128 used = gasUsed;
        UInt128 limit = gasLimit;
        UInt128 allowed = used * 11 / 10;
        UInt128 over = limit > allowed ? limit - allowed : 0;
        over = over < used ? over : used;
        UInt128 remaining = limit > used ? limit - used : 0;
        UInt128 burned = remaining * over / used;
        UInt128 refund = remaining > burned ? remaining - burned : 0;
        return ((ulong)refund, (ulong)burned);
    }
}
