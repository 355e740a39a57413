namespace Fvm.Ipld;

/// <summary>Major types, simple values and tags of DAG-CBOR (RFC 8949).</summary>
internal static class CborMajor
{
    public const byte Unsigned = 0;
    public const byte Negative = 1;
    public const byte Bytes = 2;
    public const byte Text = 3;
    public const byte Array = 4;
    public const byte Map = 5;
    public const byte Tag = 6;
    public const byte Simple = 7;

    public const byte False = 0xf4;
    public const byte True = 0xf5;
    public const byte Null = 0xf6;
    public const byte Float16 = 0xf9;
    public const byte Float32 = 0xfa;
    public const byte Float64 = 0xfb;
    public const byte Break = 0xff;

    /// <summary>The tag of a link.</summary>
    public const ulong LinkTag = 42;
}
