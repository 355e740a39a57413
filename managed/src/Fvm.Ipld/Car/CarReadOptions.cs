// Bounds of reading CAR files.
namespace Fvm.Ipld.Car;

/// <summary>What a reader of CAR files takes.</summary>
public sealed record CarReadOptions
{
    /// <summary>Bounds for files from anywhere, and digests checked.</summary>
    public static CarReadOptions Default { get; } = new();

    /// <summary>The longest block, in bytes, its CID not counted.</summary>
    public int MaxBlockLength { get; init; } = 4 << 20;

    /// <summary>The longest header, in bytes.</summary>
    public int MaxHeaderLength { get; init; } = 1 << 20;

    /// <summary>The most bytes that the whole file may have, unpacked.</summary>
    public long MaxTotalLength { get; init; } = long.MaxValue;

    /// <summary>Whether each block is compared with the digest of its CID; a hash function that is not known is then an error.</summary>
    public bool VerifyDigests { get; init; } = true;

    /// <summary>Whether a file without roots is taken; the reference refuses it.</summary>
    public bool AllowNoRoots { get; init; }
}
