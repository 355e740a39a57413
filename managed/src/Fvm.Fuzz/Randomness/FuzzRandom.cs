namespace Fvm.Fuzz;

/// <summary>Reproducible random numbers (SplitMix64), determined by a seed.</summary>
internal sealed class FuzzRandom(ulong seed)
{
    private const ulong Step = 0x9e3779b97f4a7c15;
    private ulong _state = seed;

    /// <summary>The seed of a part, such as a batch of a round.</summary>
    public static ulong SeedOf(ulong seed, ulong part) => new FuzzRandom((seed * Step) ^ (part + Step)).Next();

    public ulong Next()
    {
        unchecked
        {
            _state += Step;
            ulong mixed = (_state ^ (_state >> 30)) * 0xbf58476d1ce4e5b9;
            mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
            return mixed ^ (mixed >> 31);
        }
    }

    /// <summary>A number below <paramref name="limit"/>, which is positive.</summary>
    public int Below(int limit) => (int)((Next() >> 33) % (ulong)limit);

    /// <summary>True with probability 1/<paramref name="times"/>.</summary>
    public bool OneIn(int times) => Below(times) == 0;

    public T Pick<T>(ReadOnlySpan<T> values) => values[Below(values.Length)];

    public T Pick<T>(IReadOnlyList<T> values) => values[Below(values.Count)];

    public byte[] Bytes(int length)
    {
        byte[] bytes = new byte[length];
        for (int at = 0; at < length; at++)
        {
            bytes[at] = (byte)Next();
        }

        return bytes;
    }

    /// <summary>An integer with a bias to small ones and to the bounds of types.</summary>
    public ulong Integer() => Below(12) switch
    {
        < 5 => (ulong)Below(12),
        5 => (ulong)Below(3_000),
        6 => ulong.MaxValue - (ulong)Below(3),
        7 => 1UL << Below(64),
        8 => (1UL << Below(64)) - 1,
        9 => unchecked((ulong)-Below(200)),
        10 => (ulong)Below(int.MaxValue),
        _ => Next() >> Below(64),
    };
}
