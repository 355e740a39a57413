using System.Runtime.InteropServices;
using Fvm.Ipld;

namespace Fvm.Native;

/// <summary>A batch of blocks in the host's format: CIDs and data in sequence, plus an array of lengths.</summary>
// Sound: Reserve makes room before anything is written, and Dispose frees both blocks once.
internal sealed unsafe class BlockBatch : IDisposable
{
    /// <summary>Maximum bytes per call.</summary>
    public const int MaxBytes = 64 << 20;

    /// <summary>Maximum blocks per call.</summary>
    public const int MaxBlocks = 64 << 10;

    // The reference's allowance for a CID when it checks whether another block fits.
    private const int CidAllowance = 100;
    private const int InitialBytes = 16 << 10;
    private const int InitialBlocks = 64;

    private byte* _blocks;
    private int* _lengths;
    private int _bytes;
    private int _room;
    private int _lengthsRoom;

    /// <summary>The number of blocks.</summary>
    public int Count { get; private set; }

    /// <summary>The blocks; valid until the next is added.</summary>
    public byte* Blocks => _blocks;

    /// <summary>The length of each block.</summary>
    public int* Lengths => _lengths;

    /// <summary>Whether the block fits into this batch.</summary>
    public bool HasRoomFor(byte[] block) => Count < MaxBlocks && (long)CidAllowance + block.Length + _bytes <= MaxBytes;

    /// <summary>Adds a block.</summary>
    public void Add(in Cid cid, byte[] block)
    {
        int length = cid.ByteLength + block.Length;
        Reserve(length);
        int head = cid.WriteTo(new Span<byte>(_blocks + _bytes, length));
        block.CopyTo(new Span<byte>(_blocks + _bytes + head, block.Length));
        _bytes += length;
        _lengths[Count++] = length;
    }

    /// <summary>Removes all blocks.</summary>
    public void Clear() => _bytes = Count = 0;

    /// <inheritdoc/>
    public void Dispose()
    {
        NativeMemory.Free(_blocks);
        NativeMemory.Free(_lengths);
        _blocks = null;
        _lengths = null;
    }

    private void Reserve(int length)
    {
        if (_room - _bytes < length)
        {
            _room = Math.Max(Math.Max(InitialBytes, _bytes + length), (int)Math.Min(2L * _room, MaxBytes + CidAllowance));
            _blocks = (byte*)NativeMemory.Realloc(_blocks, (nuint)_room);
        }

        if (_lengthsRoom == Count)
        {
            _lengthsRoom = Math.Max(InitialBlocks, 2 * _lengthsRoom);
            _lengths = (int*)NativeMemory.Realloc(_lengths, (nuint)_lengthsRoom * sizeof(int));
        }
    }
}
