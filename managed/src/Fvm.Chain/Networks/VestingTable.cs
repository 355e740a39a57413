namespace Fvm.Chain;

/// <summary>The vesting of the genesis money, which is the same for all networks (Lotus: <c>chain/stmgr/supply.go</c>).</summary>
internal static class VestingTable
{
    private const long Day = 2880;
    private const long HalfYear = 183 * Day;
    private const long Year = 365 * Day;

    /// <summary>Until the Ignition upgrade: amounts of FIL were taken for attoFIL.</summary>
    public static Vesting[] BeforeIgnition { get; } = Of(TokenAmount.FromAtto(1UL), 0, 82_717_041, 22_421_712, 7_223_364, 87_637_883, 400_000_000);

    /// <summary>Until the Calico upgrade.</summary>
    public static Vesting[] BeforeCalico { get; } = Of(TokenAmount.FromWhole(1), 0, 82_717_041, 22_421_712, 7_223_364, 87_637_883, 400_000_000);

    /// <summary>Since the Calico upgrade.</summary>
    public static Vesting[] Latest { get; } =
        Of(TokenAmount.FromWhole(1), 10_632_000, 51_803_587, 31_821_712, 7_223_364, 88_536_841, 409_805_053);

    private static Vesting[] Of(TokenAmount unit, ulong atOnce, ulong halfYear, ulong year, ulong twoYears, ulong threeYears, ulong sixYears) =>
    [
        new Vesting(unit * atOnce, 0),
        new Vesting(unit * halfYear, HalfYear),
        new Vesting(unit * year, Year),
        new Vesting(unit * twoYears, 2 * Year),
        new Vesting(unit * threeYears, 3 * Year),
        new Vesting(unit * sixYears, 6 * Year),
    ];
}
