// What all nodes of a HAMT agree on.
namespace Fvm.Ipld;

/// <summary>The parameters of a HAMT, which are not in its blocks: who reads one has to know them.</summary>
public sealed record HamtOptions
{
    /// <summary>What the state tree and the maps of builtin actors use: five bits, buckets of three, pointers by kind.</summary>
    public static HamtOptions State { get; } = new();

    /// <summary>How many bits of a key's hash choose the pointer in a node, 1 to 8.</summary>
    public int BitWidth { get; init; } = 5;

    /// <summary>How many entries a bucket holds before it becomes a node.</summary>
    public int BucketSize { get; init; } = 3;

    /// <summary>The depth of the first nodes that may hold entries; those above hold links alone.</summary>
    public int MinDataDepth { get; init; }

    /// <summary>How pointers are encoded.</summary>
    public HamtVersion Version { get; init; } = HamtVersion.V3;

    /// <summary>
    /// The type of the values, or null where any item of CBOR is one. With a type, a node with a value of another type is refused when
    /// it is read, and values are kept, compared and written in their canonical form.
    /// </summary>
    public HamtValueReader? Values { get; init; }

    /// <summary>
    /// Whether enumerating checks that each key is where its hash says. Without it a few hostile blocks that link to each other in many
    /// places can stand for more entries than can ever be enumerated.
    /// </summary>
    public bool CheckKeys { get; init; } = true;

    /// <summary>How deep nodes nest: then the 256 bits of the hash are used up.</summary>
    internal int MaxDepth => (256 + BitWidth - 1) / BitWidth;

    /// <summary>Checks the parameters.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One is out of its range.</exception>
    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(BitWidth, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(BitWidth, 8);
        ArgumentOutOfRangeException.ThrowIfLessThan(BucketSize, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(MinDataDepth);
    }
}
