// Types of the values of HAMTs.
namespace Fvm.Ipld;

/// <summary>
/// Reads a value of the type that a HAMT has and writes it again. The reference decodes all values of a node that it reads and encodes
/// all of one that it writes (ipld/hamt/src/node.rs), so a value of another type makes the node malformed, and one in a form that is
/// not canonical changes with its neighbours.
/// </summary>
/// <param name="reader">At the start of the value, under <see cref="CborRules.Untyped"/>.</param>
/// <param name="canonical">Takes the canonical form.</param>
/// <exception cref="CborException">There is no value of the type.</exception>
public delegate void HamtValueReader(ref CborReader reader, CborWriter canonical);
