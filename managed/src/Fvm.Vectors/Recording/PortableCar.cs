using Fvm.Files;
using Fvm.Ipld;

namespace Fvm.Vectors;

/// <summary>Converts a state's CAR file to the form that every reader of vectors accepts: version 1, uncompressed or gzip.</summary>
public static class PortableCar
{
    // A vector is text: base64 encodes three bytes in four characters.
    private const int MaxLength = 180 << 20;

    private static ReadOnlySpan<byte> ZstdMagic => [0x28, 0xb5, 0x2f, 0xfd];

    private static ReadOnlySpan<byte> Version2 =>
        [0x0a, 0xa1, 0x67, (byte)'v', (byte)'e', (byte)'r', (byte)'s', (byte)'i', (byte)'o', (byte)'n', 0x02];

    /// <summary>The file unchanged, or rewritten if it is of version 2 or compressed with Zstandard.</summary>
    /// <param name="path">The file.</param>
    /// <param name="state">Its blocks.</param>
    /// <exception cref="InputException">It is too large for a vector.</exception>
    /// <exception cref="FileException">The file cannot be read.</exception>
    public static byte[] Of(string path, CarStore state)
    {
        long length = Math.Max(new FileInfo(path).Length, state is CarBlockstore ? 0 : state.BlockBytes);
        if (length > MaxLength)
        {
            throw new InputException($"{path}: a vector contains its whole state, of at most {MaxLength} bytes; this one has {length}");
        }

        byte[] file = InputFile.ReadAllBytes(path);
        if (!file.AsSpan().StartsWith(ZstdMagic) && !file.AsSpan().StartsWith(Version2))
        {
            return file;
        }

        using MemoryStream written = new();
        CarFiles.Write(written, state.Roots[0], state, new Ipld.MemoryBlockstore());
        return written.ToArray();
    }
}
