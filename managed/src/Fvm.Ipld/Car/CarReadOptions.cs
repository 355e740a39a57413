namespace Fvm.Ipld;

/// <summary>Limits and checks for reading CAR files.</summary>
public sealed record CarReadOptions
{
    /// <summary>Safe for untrusted files: digests are verified.</summary>
    public static CarReadOptions Default { get; } = new();

    /// <summary>
    /// The longest block, in bytes, excluding its CID: by default the maximum array length (2 GiB), because the reference has no limit. Memory
    /// is allocated as bytes arrive, whatever length a file claims.
    /// </summary>
    public int MaxBlockLength { get; init; } = Array.MaxLength;

    /// <summary>The longest header, in bytes; by default 32 MiB, as in go-car.</summary>
    public int MaxHeaderLength { get; init; } = 32 << 20;

    /// <summary>The longest file, in bytes after decompression.</summary>
    public long MaxTotalLength { get; init; } = long.MaxValue;

    /// <summary>
    /// The length in bytes from which a file has an index instead of being loaded (<see cref="CarStore.CanHaveIndex"/>).
    /// </summary>
    public long IndexedFrom { get; init; } = 256 << 20;

    /// <summary>The largest index of such a file, in bytes, at 16 per block.</summary>
    public long MaxIndexBytes { get; init; } = long.MaxValue;

    /// <summary>Whether each block is verified against its CID's digest; an unsupported hash function is then an error.</summary>
    public bool VerifyDigests { get; init; } = true;

    /// <summary>Whether a file without roots is accepted; the reference rejects it.</summary>
    public bool AllowNoRoots { get; init; }
}
