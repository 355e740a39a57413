// How much the reader of CBOR forgives.
namespace Fvm.Ipld;

/// <summary>How much <see cref="CborReader"/> forgives. All refuse arrays and maps of indefinite length.</summary>
public enum CborRules
{
    /// <summary>
    /// What the reference forgives when it decodes its own types (crates serde_ipld_dagcbor 0.6.4 over cbor4ii 0.2.14), to the bit:
    /// lengths and numbers in longer forms than needed; byte and text strings in chunks; bytes after the CID within a link; and a head
    /// whose major type is a subset, in bits, of the expected one (an array may say 0x0a for 0x8a), since cbor4ii only masks the major
    /// type off. Where a value is read without knowing its type (<see cref="CborReader.Skip"/>) the major type counts, and chunks are
    /// refused.
    /// </summary>
    Reference,

    /// <summary>
    /// What the reference forgives where it first reads an item of unknown type and then takes a typed value from that, as in the
    /// pointers of a HAMT node: longer forms of lengths and numbers, bytes after the CID within a link, and a link's bytes in chunks.
    /// The major type counts, and strings in chunks are refused.
    /// </summary>
    Untyped,

    /// <summary>Only the canonical form of DAG-CBOR: each value has one encoding, and it is the one that CborWriter makes.</summary>
    Canonical,
}
