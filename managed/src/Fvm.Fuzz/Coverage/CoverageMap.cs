namespace Fvm.Fuzz;

/// <summary>The features that were seen, as a set of hashes of fixed size: two features with one hash count as one.</summary>
internal sealed class CoverageMap
{
    private const int Bits = 20;

    private readonly bool[] _seen = new bool[1 << Bits];

    /// <summary>The number of features.</summary>
    public int Count { get; private set; }

    /// <summary>Adds features.</summary>
    /// <returns>How many are new.</returns>
    public int Add(IReadOnlyCollection<uint> features)
    {
        int before = Count;
        foreach (uint feature in features)
        {
            ref bool seen = ref _seen[feature >> (32 - Bits)];
            Count += seen ? 0 : 1;
            seen = true;
        }

        return Count - before;
    }
}
