namespace Fvm;

/// <summary>
/// The cost of an aggregate of seals beyond the price per seal: a step function of the number of seals, in milligas. Source:
/// <c>verify_aggregate_seal_steps</c> in <c>fvm/src/gas/price_list.rs</c>; the first two tables are in all price lists, the others since Teep
/// (FIP-0092).
/// </summary>
internal static class SealStepTable
{
    public static readonly (ulong From, ulong Cost)[] Interactive32GiB =
    [
        (4, 103_994_170_000), (7, 112_356_810_000), (13, 122_912_610_000), (26, 137_559_930_000),
        (52, 162_039_100_000), (103, 210_960_780_000), (205, 318_351_180_000), (410, 528_274_980_000),
    ];

    public static readonly (ulong From, ulong Cost)[] Interactive64GiB =
    [
        (4, 102_581_240_000), (7, 110_803_030_000), (13, 120_803_700_000), (26, 134_642_130_000),
        (52, 157_357_890_000), (103, 203_017_690_000), (205, 304_253_590_000), (410, 509_880_640_000),
    ];

    public static readonly (ulong From, ulong Cost)[] NonInteractive32GiB =
    [
        (1, 112_356_810_000), (2, 122_912_610_000), (3, 137_559_930_000), (5, 162_039_100_000),
        (9, 210_960_780_000), (17, 318_351_180_000), (33, 528_274_980_000),
    ];

    public static readonly (ulong From, ulong Cost)[] NonInteractive64GiB =
    [
        (1, 110_803_030_000), (2, 120_803_700_000), (3, 134_642_130_000), (5, 157_357_890_000),
        (9, 203_017_690_000), (17, 304_253_590_000), (33, 509_880_640_000),
    ];

    /// <summary>The cost of the last step with a start at or below <paramref name="count"/>; zero before the first.</summary>
    public static Gas Lookup((ulong From, ulong Cost)[] steps, ulong count)
    {
        ulong cost = 0;
        foreach ((ulong from, ulong stepCost) in steps)
        {
            if (from > count)
            {
                break;
            }

            cost = stepCost;
        }

        return Gas.OfMilli(cost);
    }
}
