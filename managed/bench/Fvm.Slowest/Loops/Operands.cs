namespace Fvm.Slowest;

/// <summary>Operands that processors or compilers may treat as a special case.</summary>
/// <param name="Name">The suffix of the loop's name, after the opcode.</param>
internal sealed record Operands(string Name, object First, object Second)
{
    public static readonly IReadOnlyList<Operands> Integers32 = [new("", 0x1234_5678UL, 7UL)];

    public static readonly IReadOnlyList<Operands> Integers64 = [new("", 0x1234_5678_9abc_def0UL, 7UL)];

    public static readonly IReadOnlyList<Operands> Conversions64 =
    [
        new(" of a small number", 5UL, 0UL),
        new(" of 2^63 and more", (1UL << 63) + 12_345, 0UL),
    ];

    public static readonly IReadOnlyList<Operands> Divisions32 =
    [
        new(" of small numbers", 9UL, 3UL),
        new(" of large numbers", 0x7edc_ba98UL, 3UL),
        new(" by -1", 0x7edc_ba98UL, 0xffff_ffffUL),
    ];

    public static readonly IReadOnlyList<Operands> Divisions64 =
    [
        new(" of small numbers", 9UL, 3UL),
        new(" of large numbers", 0x7edc_ba98_7654_3210UL, 3UL),
        new(" by a large number", 0x7edc_ba98_7654_3210UL, 0x1_2345_6789UL),
        new(" by -1", 0x7edc_ba98_7654_3210UL, ulong.MaxValue),
    ];

    public static readonly IReadOnlyList<Operands> Truncations = [new("", 3.7, 0.0), new(" of 0", 0.0, 0.0)];

    public static readonly IReadOnlyList<Operands> Saturations =
    [
        new(" of 3.7", 3.7, 0.0),
        new(" of -5.5", -5.5, 0.0),
        new(" of 2^31", 2_147_483_648.0, 0.0),
        new(" of 2^40", 1_099_511_627_776.0, 0.0),
        new(" of 2^63", 9_223_372_036_854_775_808.0, 0.0),
        new(" of 2^70", 1_180_591_620_717_411_303_424.0, 0.0),
        new(" of -2^70", -1_180_591_620_717_411_303_424.0, 0.0),
        new(" of NaN", double.NaN, 0.0),
    ];

    public static readonly IReadOnlyList<Operands> Floats =
    [
        new("", 1.6180339, 1.0000001),
        new(" of 0 and -0", 0.0, -0.0),
        new(" of NaN", double.NaN, 1.5),
        new(" of a subnormal number", 1e-310, 1e-310),
    ];

    /// <summary>Bits of the first operand, of type i, I, f or F.</summary>
    public ulong X(char type) => Bits(First, type);

    /// <summary>Bits of the second operand.</summary>
    public ulong Y(char type) => Bits(Second, type);

    private static ulong Bits(object value, char type) => (value, type) switch
    {
        (ulong number, _) => number,
        (double number, 'F') => BitConverter.DoubleToUInt64Bits(number),

        // A subnormal double would become zero as a float.
        (double number, _) => BitConverter.SingleToUInt32Bits(double.IsSubnormal(number) ? 1e-40f : (float)number),
        _ => throw new ArgumentOutOfRangeException(nameof(value)),
    };
}
