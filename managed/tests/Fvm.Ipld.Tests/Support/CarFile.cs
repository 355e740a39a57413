using System.IO.Compression;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace Fvm.Ipld.Tests;

/// <summary>Builds CAR files.</summary>
internal static class CarFile
{
    /// <summary>An uncompressed CARv1 file.</summary>
    public static byte[] Write(IReadOnlyCollection<Cid> roots, params KeyValuePair<Cid, byte[]>[] blocks)
    {
        MemoryStream stream = new();
        using (CarWriter writer = new(stream, roots, pack: false, leaveOpen: true))
        {
            writer.WriteMany(blocks);
        }

        return stream.ToArray();
    }

    /// <summary>Distinct blocks of <paramref name="length"/> bytes.</summary>
    public static KeyValuePair<Cid, byte[]>[] Blocks(int count, int length = 4) =>
    [
        .. Enumerable.Range(0, count).Select(index =>
        {
            byte[] block = new byte[length];
            BitConverter.TryWriteBytes(block, index);
            return KeyValuePair.Create(Cid.Blake2b256(Multicodec.Raw, block), block);
        }),
    ];

    public static byte[] Gzip(byte[] bytes)
    {
        MemoryStream packed = new();
        using (GZipStream gzip = new(packed, CompressionLevel.Fastest))
        {
            gzip.Write(bytes);
        }

        return packed.ToArray();
    }

    public static byte[] Zstd(byte[] bytes, bool hasChecksum = false, bool hasSize = true)
    {
        using Compressor compressor = new();
        compressor.SetParameter(ZSTD_cParameter.ZSTD_c_checksumFlag, hasChecksum ? 1 : 0);
        compressor.SetParameter(ZSTD_cParameter.ZSTD_c_contentSizeFlag, hasSize ? 1 : 0);
        return compressor.Wrap(bytes).ToArray();
    }
}
