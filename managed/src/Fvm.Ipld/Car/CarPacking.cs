// Compression of CAR files.
using System.IO.Compression;
using ZstdSharp;

namespace Fvm.Ipld.Car;

/// <summary>How a CAR file is compressed, by its first bytes: not at all, with gzip (RFC 1952), or with Zstandard (RFC 8878).</summary>
internal enum CarPacking
{
    None,
    Gzip,
    Zstd,
}

internal static class CarPackings
{
    /// <summary>The length in bytes of the longest magic number.</summary>
    public const int MagicLength = 4;

    private static ReadOnlySpan<byte> GzipMagic => [0x1f, 0x8b];

    private static ReadOnlySpan<byte> ZstdMagic => [0x28, 0xb5, 0x2f, 0xfd];

    private static ReadOnlySpan<byte> SkippableMagicEnd => [0x2a, 0x4d, 0x18];

    /// <summary>The compression of a stream that starts with <paramref name="bytes"/>.</summary>
    public static CarPacking Of(ReadOnlySpan<byte> bytes) => bytes switch
    {
        _ when bytes.StartsWith(GzipMagic) => CarPacking.Gzip,
        _ when bytes.StartsWith(ZstdMagic) => CarPacking.Zstd,
        // A skippable frame (RFC 8878, section 3.1.2), such as a seek table or a signature, may come first.
        [>= 0x50 and <= 0x5f, .. ReadOnlySpan<byte> rest] when rest.StartsWith(SkippableMagicEnd) => CarPacking.Zstd,
        _ => CarPacking.None,
    };

    /// <summary>The name of the program that unpacks it.</summary>
    public static string NameOf(CarPacking packing) => packing == CarPacking.Gzip ? "gzip" : "zstd";

    /// <summary>What the stream holds, unpacked. Zstandard's window is bounded by 128 MiB, as in the <c>zstd</c> program.</summary>
    public static Stream Open(CarPacking packing, Stream stream) => packing switch
    {
        CarPacking.Gzip => new GZipStream(stream, CompressionMode.Decompress),
        CarPacking.Zstd => new DecompressionStream(stream, leaveOpen: true),
        _ => stream,
    };

    /// <summary>The known format, other than CAR, that a file is likely to be; null if none is recognized.</summary>
    public static string? Mistaken(ReadOnlySpan<byte> bytes) => bytes switch
    {
        _ when bytes.StartsWith("\0asm"u8) => "it is a WebAssembly module",
        _ when bytes.StartsWith((ReadOnlySpan<byte>)[0xfd, (byte)'7', (byte)'z', (byte)'X', (byte)'Z']) => "it is packed with xz: unpack it first",
        _ when bytes.StartsWith("BZh"u8) => "it is packed with bzip2: unpack it first",
        _ when bytes.StartsWith("PK\x03\x04"u8) => "it is a zip archive",
        [(byte)'{' or (byte)'[', (byte)'"' or (byte)'{' or (byte)'[' or (byte)'\n' or (byte)' ', ..] => "it looks like JSON",
        _ => null,
    };
}
