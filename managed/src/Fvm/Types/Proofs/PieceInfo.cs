using Fvm.Ipld;

namespace Fvm;

/// <summary>A piece of a sector's data. In CBOR: size, CID.</summary>
/// <param name="PaddedSize">The padded size, in bytes.</param>
/// <param name="Cid">The commitment to the piece (CommP).</param>
internal readonly record struct PieceInfo(ulong PaddedSize, Cid Cid)
{
    /// <summary>Decodes the list argument of <c>compute_unsealed_sector_cid</c>.</summary>
    /// <exception cref="CborException">It is malformed.</exception>
    public static PieceInfo[] DecodeList(ReadOnlySpan<byte> bytes)
    {
        CborReader reader = new(bytes);
        return DecodeList(ref reader);
    }

    /// <summary>The same with a fault-noting reader: the result is meaningful only without a fault.</summary>
    internal static PieceInfo[] DecodeList(ref CborReader reader)
    {
        PieceInfo[] pieces = CborFields.ReadList(ref reader, static (ref CborReader item) =>
        {
            item.ReadArrayHeader(2);
            ulong size = item.ReadUInt();
            return new PieceInfo(size, item.ReadCid());
        });
        reader.EnsureEnd();
        return pieces;
    }
}
