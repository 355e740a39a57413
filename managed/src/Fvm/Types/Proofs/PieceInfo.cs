using Fvm.Ipld;

namespace Fvm;

/// <summary>A piece of a sector's data. In CBOR: size, CID.</summary>
/// <param name="PaddedSize">Bytes, padding included.</param>
/// <param name="Cid">The commitment to the piece (CommP).</param>
public readonly record struct PieceInfo(ulong PaddedSize, Cid Cid)
{
    /// <summary>Reads the list that an actor hands over to <c>compute_unsealed_sector_cid</c>.</summary>
    /// <exception cref="CborException">It does not decode.</exception>
    public static PieceInfo[] DecodeList(ReadOnlySpan<byte> bytes)
    {
        CborReader reader = new(bytes);
        return DecodeList(ref reader);
    }

    /// <summary>The same by a reader that may note faults: what it gives is of use only where there are none.</summary>
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
