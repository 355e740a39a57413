// Formats of compressed files.
namespace Fvm.Ipld;

/// <summary>How a file is compressed.</summary>
public enum PackingFormat
{
    None,

    /// <summary>RFC 1952, one member or several.</summary>
    Gzip,

    /// <summary>Zstandard, RFC 8878, one frame or several.</summary>
    Zstd,
}
