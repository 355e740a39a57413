namespace Fvm.Ipld;

/// <summary>The parameters of a KAMT. They are part of its format: another choice gives other roots.</summary>
public sealed record KamtOptions
{
    private const int MaxBitWidth = 8;

    /// <summary>The storage of contracts (builtin-actors: the EVM actor's system).</summary>
    public static KamtOptions ContractStorage { get; } = new() { BitWidth = 5, BucketSize = 1 };

    /// <summary>Bits of the key per level: a node has up to two to this power of pointers.</summary>
    public required int BitWidth { get; init; }

    /// <summary>The maximum number of entries in a bucket.</summary>
    public required int BucketSize { get; init; }

    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(BitWidth, 1, nameof(BitWidth));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(BitWidth, MaxBitWidth, nameof(BitWidth));
        ArgumentOutOfRangeException.ThrowIfLessThan(BucketSize, 1, nameof(BucketSize));
    }
}
