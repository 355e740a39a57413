namespace Fvm.Ipld;

/// <summary>A compression format.</summary>
public enum PackingFormat
{
    None,

    /// <summary>RFC 1952, one member or several.</summary>
    Gzip,

    /// <summary>Zstandard, RFC 8878, one frame or several.</summary>
    Zstd,
}
