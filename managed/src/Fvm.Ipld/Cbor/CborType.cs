namespace Fvm.Ipld;

/// <summary>The type of the next item, by its initial byte.</summary>
public enum CborType
{
    /// <summary>The end of the input.</summary>
    End,

    /// <summary>An integer from 0 to 2^64-1.</summary>
    UnsignedInteger,

    /// <summary>An integer from -2^64 to -1.</summary>
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

    /// <summary>A floating-point number.</summary>
    Float,

    /// <summary>An item that DAG-CBOR excludes.</summary>
    Other,
}
