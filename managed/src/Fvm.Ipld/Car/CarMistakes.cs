namespace Fvm.Ipld;

internal static class CarMistakes
{
    /// <summary>Recognises other known file formats, for error messages; null if none matches.</summary>
    public static string? Of(ReadOnlySpan<byte> bytes) => bytes switch
    {
        _ when bytes.StartsWith("\0asm"u8) => "it is a WebAssembly module",
        _ when bytes.StartsWith((ReadOnlySpan<byte>)[0xfd, (byte)'7', (byte)'z', (byte)'X', (byte)'Z']) => "it is packed with xz: unpack it first",
        _ when bytes.StartsWith("BZh"u8) => "it is packed with bzip2: unpack it first",
        _ when bytes.StartsWith("PK\x03\x04"u8) => "it is a zip archive",
        [(byte)'{' or (byte)'[', (byte)'"' or (byte)'{' or (byte)'[' or (byte)'\n' or (byte)' ', ..] => "it looks like JSON",
        _ => null,
    };
}
