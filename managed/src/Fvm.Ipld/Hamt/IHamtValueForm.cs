namespace Fvm.Ipld;

/// <summary>The usual form of the values of a HAMT, for <see cref="HamtValueMeasure"/>.</summary>
public interface IHamtValueForm
{
    /// <summary>
    /// The length of a value that the map's <see cref="HamtValueReader"/> would accept and write back as it is; 0 if it has to be decoded to
    /// know.
    /// </summary>
    /// <param name="bytes">Starts with the value; the node's other values follow.</param>
    static abstract int Measure(ReadOnlySpan<byte> bytes);
}
