// Bounds of reading CAR files.
namespace Fvm.Ipld;

/// <summary>What a reader of CAR files takes.</summary>
public sealed record CarReadOptions
{
    /// <summary>Bounds for files from anywhere, and digests checked.</summary>
    public static CarReadOptions Default { get; } = new();

    /// <summary>
    /// The longest block, in bytes, its CID not counted: by default the longest array there is (2 GiB), because the reference has no
    /// bound. Memory is taken as bytes arrive, whatever length a file claims.
    /// </summary>
    public int MaxBlockLength { get; init; } = Array.MaxLength;

    /// <summary>The longest header, in bytes; by default 32 MiB, as in go-car.</summary>
    public int MaxHeaderLength { get; init; } = 32 << 20;

    /// <summary>The most bytes that the whole file may have, unpacked.</summary>
    public long MaxTotalLength { get; init; } = long.MaxValue;

    /// <summary>
    /// From which length in bytes <see cref="CarStore.Open"/> indexes a file that is not packed, instead of holding its blocks.
    /// </summary>
    public long IndexedFrom { get; init; } = 256 << 20;

    /// <summary>The most bytes that the index of such a file may take, 16 per block.</summary>
    public long MaxIndexBytes { get; init; } = long.MaxValue;

    /// <summary>Whether each block is compared with the digest of its CID; a hash function that is not known is then an error.</summary>
    public bool VerifyDigests { get; init; } = true;

    /// <summary>Whether a file without roots is taken; the reference refuses it.</summary>
    public bool AllowNoRoots { get; init; }
}
