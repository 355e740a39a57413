namespace Fvm.Ipld;

/// <summary>The parameters of a HAMT. Its blocks do not contain them: a reader must know them.</summary>
public sealed record HamtOptions
{
    /// <summary>For the state tree and the maps of builtin actors: five bits, buckets of three, V3 pointers.</summary>
    public static HamtOptions State { get; } = new();

    /// <summary>Hash bits per level, 1 to 8.</summary>
    public int BitWidth { get; init; } = 5;

    /// <summary>Maximum number of entries in a bucket; one more splits it.</summary>
    public int BucketSize { get; init; } = 3;

    /// <summary>The minimum depth of nodes with entries; nodes above contain only links.</summary>
    public int MinDataDepth { get; init; }

    /// <summary>The encoding of pointers.</summary>
    public HamtVersion Version { get; init; } = HamtVersion.V3;

    /// <summary>
    /// The type of the values; null to accept any CBOR item. With a type, a node with a value of another type is rejected on loading, and
    /// values are kept, compared and written in canonical form.
    /// </summary>
    public HamtValueReader? Values { get; init; }

    /// <summary>Recognises values in canonical form, without decoding them; null to decode all.</summary>
    public HamtValueMeasure? CanonicalLength { get; init; }

    /// <summary>
    /// Whether enumeration checks that each key is at the position of its hash. Without the check, a few hostile blocks linked from many
    /// places can expand to more entries than can ever be enumerated.
    /// </summary>
    public bool CheckKeys { get; init; } = true;

    /// <summary>Maximum depth of nodes, at which the 256 bits of the hash are exhausted.</summary>
    internal int MaxDepth => (256 + BitWidth - 1) / BitWidth;

    /// <summary>The length of the value at the start of some bytes if it is recognised as canonical; 0 if it must be decoded.</summary>
    internal int LengthIfCanonical(ReadOnlySpan<byte> bytes) => CanonicalLength?.LengthOf(bytes) ?? 0;

    /// <summary>Checks the parameters.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is out of range.</exception>
    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(BitWidth, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(BitWidth, 8);
        ArgumentOutOfRangeException.ThrowIfLessThan(BucketSize, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(MinDataDepth);
    }
}
