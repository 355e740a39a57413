// Kinds of CBOR items.
namespace Fvm.Ipld;

/// <summary>The kind of the next item, from its first byte.</summary>
public enum CborType
{
    /// <summary>There is no next item.</summary>
    End,

    /// <summary>A number from 0 to 2^64-1.</summary>
    UnsignedInteger,

    /// <summary>A number from -2^64 to -1.</summary>
    NegativeInteger,

    /// <summary>A byte string.</summary>
    Bytes,

    /// <summary>A text in UTF-8.</summary>
    Text,

    /// <summary>An array.</summary>
    Array,

    /// <summary>A map.</summary>
    Map,

    /// <summary>A tag; in DAG-CBOR only 42, a link.</summary>
    Tag,

    /// <summary>True or false.</summary>
    Boolean,

    /// <summary>Null.</summary>
    Null,

    /// <summary>A floating point number.</summary>
    Float,

    /// <summary>Anything that DAG-CBOR has no place for.</summary>
    Other,
}
