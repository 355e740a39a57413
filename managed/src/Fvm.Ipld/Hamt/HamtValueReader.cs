namespace Fvm.Ipld;

/// <summary>
/// Decodes a HAMT value of a certain type and re-encodes it. The reference decodes all values of a node that it reads and encodes all values
/// of a node that it writes (ipld/hamt/src/node.rs); so a value of another type makes the node malformed, and a non-canonical value changes
/// when its neighbours do.
/// </summary>
/// <param name="reader">Positioned at the value, under <see cref="CborRules.Untyped"/>.</param>
/// <param name="canonical">Receives the canonical form.</param>
/// <exception cref="CborException">The value is not of the type.</exception>
public delegate void HamtValueReader(ref CborReader reader, CborWriter canonical);
