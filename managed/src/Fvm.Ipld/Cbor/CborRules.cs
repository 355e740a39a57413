namespace Fvm.Ipld;

/// <summary>The leniency of <see cref="CborReader"/>. All levels reject arrays and maps of indefinite length.</summary>
public enum CborRules
{
    /// <summary>
    /// The reference's leniency when it decodes its own types (crates serde_ipld_dagcbor 0.6.4 over cbor4ii 0.2.14), to the bit: lengths and
    /// numbers in non-minimal form; byte and text strings of indefinite length (chunks); bytes after the CID within a link; and a head whose
    /// major type is a subset, in bits, of the expected one (an array may have 0x0a for 0x8a), since cbor4ii only masks the major type off.
    /// Where a value is read without knowing its type (<see cref="CborReader.Skip"/>) the major type must match, and chunks are rejected.
    /// </summary>
    Reference,

    /// <summary>
    /// The reference's leniency where it first reads an item of unknown type and then extracts a typed value, as for the pointers of a HAMT
    /// node: non-minimal lengths and numbers, bytes after the CID within a link, and a link's bytes in chunks. The major type must match, and
    /// strings in chunks are rejected.
    /// </summary>
    Untyped,

    /// <summary>Canonical DAG-CBOR only: each value has exactly one encoding, which <see cref="CborWriter"/> produces.</summary>
    Canonical,
}
