namespace Fvm;

/// <summary>
/// Who pays what for a message's gas (reference: <c>fvm/src/gas/outputs.rs</c>). Implicit messages have the default: all zero.
/// </summary>
/// <param name="BaseFeeBurn">Burnt for the gas used.</param>
/// <param name="OverEstimationBurn">Burnt for gas that was asked for and not used.</param>
/// <param name="MinerPenalty">Owed by the block's miner for including the message below the base fee.</param>
/// <param name="MinerTip">Paid to the block's miner.</param>
/// <param name="Refund">Paid back to the sender.</param>
/// <param name="GasRefund">Whole gas not paid for.</param>
/// <param name="GasBurned">Whole gas burnt for over-estimation.</param>
internal readonly record struct GasOutputs(
    TokenAmount BaseFeeBurn,
    TokenAmount OverEstimationBurn,
    TokenAmount MinerPenalty,
    TokenAmount MinerTip,
    TokenAmount Refund,
    ulong GasRefund,
    ulong GasBurned)
{
    /// <param name="gasUsed">Whole gas.</param>
    /// <param name="gasLimit">Whole gas.</param>
    /// <param name="baseFee">Of the epoch, for each gas.</param>
    /// <param name="feeCap">The most that the message pays for each gas.</param>
    /// <param name="premium">What the message offers the miner for each gas.</param>
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

    // Of the gas left over, the part burnt is the share by which the limit exceeds 110 % of what was used, capped at all of it.
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
