namespace Fvm.Ipld;

/// <summary>
/// Recognises a HAMT value that its <see cref="HamtValueReader"/> would accept and write back as it is: in a node of 32 buckets only one value
/// is asked for, and decoding and encoding the others would take most of the time of a look-up.
/// </summary>
/// <param name="bytes">Starts with the value; the node's other values follow.</param>
/// <returns>The value's length in bytes; 0 if it has to be decoded to know.</returns>
public delegate int HamtValueMeasure(ReadOnlySpan<byte> bytes);
