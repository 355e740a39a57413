namespace Fvm.Wasm.Fuzz;

/// <summary>Reproducible random numbers (xorshift64*), determined by the seed of a case.</summary>
internal sealed class Randomness
{
    private ulong _state;

    private static ReadOnlySpan<double> Edges =>
        [-9223372036854775808.0, -2147483648.0, -1, 0, 2147483648.0, 4294967296.0, 9223372036854775808.0, 18446744073709551616.0];

    public Randomness(ulong seed) => _state = (seed * 0x9e3779b97f4a7c15) ^ 0xd1b54a32d192ed03;

    public ulong Next()
    {
        if (_state == 0)
        {
            _state = 1;
        }

        _state ^= _state >> 12;
        _state ^= _state << 25;
        _state ^= _state >> 27;
        return _state * 0x2545f4914f6cdd1d;
    }

    /// <summary>A number below <paramref name="limit"/>.</summary>
    public int Below(int limit) => (int)((Next() >> 33) % (ulong)limit);

    /// <summary>True with probability 1/<paramref name="times"/>.</summary>
    public bool OneIn(int times) => Below(times) == 0;

    public T Pick<T>(ReadOnlySpan<T> values) => values[Below(values.Length)];

    /// <summary>A random integer with a bias to the bounds of common ranges.</summary>
    public ulong Interesting()
    {
        ulong value = Below(8) switch
        {
            0 => (ulong)Below(16),
            1 => ulong.MaxValue - (ulong)Below(4),
            2 => 1ul << Below(64),
            3 => (1ul << Below(64)) - 1,
            4 => 0x8000_0000ul + (ulong)Below(3) - 1,
            5 => (ulong)Below(70_000),
            6 => (ulong)(-Below(300)),
            _ => Next(),
        };
        return value;
    }

    /// <summary>The bits of a random floating-point number with a bias to special values.</summary>
    public ulong InterestingFloat(bool wide)
    {
        double value = Below(16) switch
        {
            0 => 0.0,
            1 => -0.0,
            2 => double.PositiveInfinity,
            3 => double.NegativeInfinity,
            4 => double.NaN,
            5 => Math.ScaleB(1, Below(70)) * (OneIn(2) ? 1 : -1),
            6 => Math.ScaleB(1, Below(70)) - 1,
            7 => Below(1000) - 500.5,
            8 => -1,
            9 => -0.75,
            10 => double.Epsilon,
            11 or 12 => EdgeOfIntegers(wide),
            13 => BitConverter.UInt64BitsToDouble(0x7ff0_0000_0000_0001 | Next()),
            _ => BitConverter.UInt64BitsToDouble(Next()),
        };
        return wide ? BitConverter.DoubleToUInt64Bits(value) : OneIn(3) ? Next() >> 32 : BitConverter.SingleToUInt32Bits((float)value);
    }

    /// <summary>A number at, just below, or just above a bound of an integer type.</summary>
    private double EdgeOfIntegers(bool wide)
    {
        double edge = Pick(Edges);
        return Below(7) switch
        {
            0 => edge,
            1 => edge - 1,
            2 => edge + 1,
            3 => edge - 0.5,
            4 => edge + 0.5,
            5 => wide ? Math.BitDecrement(edge) : MathF.BitDecrement((float)edge),
            _ => wide ? Math.BitIncrement(edge) : MathF.BitIncrement((float)edge),
        };
    }
}
