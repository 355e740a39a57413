using System.IO.Compression;
using ZstdSharp;

namespace Fvm.Ipld;

/// <summary>Compression formats by their magic numbers.</summary>
internal static class Packings
{
    /// <summary>The length in bytes of the longest magic number.</summary>
    public const int MagicLength = 4;

    private static ReadOnlySpan<byte> GzipMagic => [0x1f, 0x8b];

    private static ReadOnlySpan<byte> ZstdMagic => [0x28, 0xb5, 0x2f, 0xfd];

    private static ReadOnlySpan<byte> SkippableMagicEnd => [0x2a, 0x4d, 0x18];

    /// <summary>The format of a stream that starts with <paramref name="bytes"/>.</summary>
    public static PackingFormat Of(ReadOnlySpan<byte> bytes) => bytes switch
    {
        _ when bytes.StartsWith(GzipMagic) => PackingFormat.Gzip,
        _ when bytes.StartsWith(ZstdMagic) => PackingFormat.Zstd,
        // A skippable frame (RFC 8878, section 3.1.2), such as a seek table or a signature, may come first.
        [>= 0x50 and <= 0x5f, .. ReadOnlySpan<byte> rest] when rest.StartsWith(SkippableMagicEnd) => PackingFormat.Zstd,
        _ => PackingFormat.None,
    };

    /// <summary>The name of the program that decompresses it.</summary>
    public static string NameOf(PackingFormat packing) => packing == PackingFormat.Gzip ? "gzip" : "zstd";

    /// <summary>The decompressed stream. Zstandard's window is limited to 128 MiB, as in the <c>zstd</c> program.</summary>
    public static Stream Open(PackingFormat packing, Stream stream) => packing switch
    {
        PackingFormat.Gzip => new GZipStream(stream, CompressionMode.Decompress),
        PackingFormat.Zstd => new DecompressionStream(stream, leaveOpen: true),
        _ => stream,
    };
}
