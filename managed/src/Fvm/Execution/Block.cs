using System.Runtime.InteropServices;
using Fvm.Ipld;

namespace Fvm;

/// <summary>An IPLD block that actors hold by a handle. Immutable, so it is passed on between actors without copying.</summary>
public sealed class Block
{
    private static readonly Cid[] NoLinks = [];

    /// <param name="codec">The block's multicodec.</param>
    /// <param name="data">Its bytes; never changed afterwards.</param>
    /// <param name="links">The links that the reference's scan finds, duplicates included: their number is charged for.</param>
    public Block(ulong codec, ReadOnlyMemory<byte> data, Cid[]? links = null)
    {
        Codec = codec;
        Data = data;
        Links = links ?? NoLinks;
    }

    /// <summary>The block's multicodec.</summary>
    public ulong Codec { get; }

    /// <summary>The block's bytes.</summary>
    public ReadOnlyMemory<byte> Data { get; }

    /// <summary>The links found by the scan.</summary>
    public Cid[] Links { get; }

    /// <summary>Bytes of data; at most a block's size limit, so it fits.</summary>
    public uint Size => (uint)Data.Length;

    /// <summary>The block's bytes as an array, not to be written to: that which holds them where it holds nothing else, or a copy.</summary>
    // Sound: only reads of what the memory has anyway; the array is handed to those who do not write blocks.
    public byte[] DataArray =>
        MemoryMarshal.TryGetArray(Data, out ArraySegment<byte> segment) && segment.Array is byte[] array && array.Length == segment.Count
            ? array
            : Data.ToArray();

    /// <summary>The block as traces show it.</summary>
    public IpldBlock ToIpldBlock() => new(Codec, Data);

    /// <summary>What actors are told about it.</summary>
    public BlockStat Stat => new(Codec, Size);
}
