using System.Runtime.InteropServices;
using Fvm.Ipld;

namespace Fvm;

/// <summary>An IPLD block behind a block handle. Immutable, so it is passed between actors without copying.</summary>
internal sealed class Block
{
    private static readonly Cid[] NoLinks = [];

    /// <param name="codec">The block's multicodec.</param>
    /// <param name="data">Its bytes; must not be modified afterwards.</param>
    /// <param name="links">The links found by the reference's scan, including duplicates: their number is charged for.</param>
    /// <param name="scanned">What the scan is charged for.</param>
    public Block(ulong codec, ReadOnlyMemory<byte> data, Cid[]? links = null, LinkCount scanned = default)
    {
        Codec = codec;
        Data = data;
        Links = links ?? NoLinks;
        Scanned = scanned;
    }

    /// <summary>The block's multicodec.</summary>
    public ulong Codec { get; }

    /// <summary>The block's bytes. They may lie in memory that is released at the end of the message (<see cref="BlockMemory"/>).</summary>
    public ReadOnlyMemory<byte> Data { get; private set; }

    /// <summary>The block's bytes for what outlives the message, such as receipts and traces.</summary>
    // Sound: only tells whether the bytes are in an array.
    public ReadOnlyMemory<byte> LastingData => MemoryMarshal.TryGetArray(Data, out _) ? Data : DataArray;

    /// <summary>The links found by the scan.</summary>
    public Cid[] Links { get; }

    /// <summary>The number of fields and links that its scan is charged for.</summary>
    public LinkCount Scanned { get; }

    /// <summary>
    /// The invocation that reached all of its links last, or 0: it need not mark them again. Meaningful to the <see cref="BlockRegistry"/>.
    /// </summary>
    public ulong ReachedIn { get; set; }

    /// <summary>The size in bytes; bounded by the block size limit, so it fits.</summary>
    public uint Size => (uint)Data.Length;

    /// <summary>The block's bytes as an array, which must not be modified. If they share their memory with others they move to it.</summary>
    public byte[] DataArray
    {
        get
        {
            // Sound: only reads what the memory gives access to anyway; the array is passed to code that does not modify blocks.
            if (MemoryMarshal.TryGetArray(Data, out ArraySegment<byte> segment) && segment.Array is byte[] array && array.Length == segment.Count)
            {
                return array;
            }

            byte[] own = Data.ToArray();
            Data = own;
            return own;
        }
    }

    /// <summary>The block in the form of traces.</summary>
    public IpldBlock ToIpldBlock() => new(Codec, LastingData);

    /// <summary>The block's codec and size, as returned to actors.</summary>
    public BlockStat Stat => new(Codec, Size);
}
