using System.Runtime.InteropServices;

namespace Fvm.Wasm;

/// <summary>
/// A module's data segments for <c>memory.init</c> in machine code, in unmanaged memory: one entry per segment, then the bytes of the passive
/// segments. Active segments have length 0, because they are dropped before any function runs. Takes at most the module's size in addition to
/// the entries.
/// </summary>
// Sound: one block of Size bytes, with an entry per data segment and the bytes that the entries name, owned by this object until Dispose; by
// then the code that reads it is no longer in use.
internal sealed unsafe class PassiveData : IDisposable
{
    /// <summary>Size of an entry in bytes, as a power of two.</summary>
    public const int EntryShift = 3;

    /// <summary>Offset within an entry of the segment's position: 4 bytes, counted from the first entry.</summary>
    public const int Place = 0;

    /// <summary>Offset within an entry of the segment's length in bytes: 4 bytes.</summary>
    public const int Length = 4;

    /// <param name="module">A validated module: its size, and eight times its number of segments, fit into 31 bits.</param>
    public PassiveData(WasmModule module)
    {
        int entries = module.Data.Length << EntryShift;
        int size = entries;
        foreach (DataSegment segment in module.Data)
        {
            size = checked(size + (segment.Mode == SegmentMode.Passive ? segment.Length : 0));
        }

        if (size == 0)
        {
            return;
        }

        Size = size;
        Entries = (byte*)NativeMemory.AllocZeroed((nuint)size);
        Span<byte> all = new(Entries, size);

        // Sound: the span covers the entries, which are two uints each, at the start of an aligned block.
        Span<uint> table = MemoryMarshal.Cast<byte, uint>(all[..entries]);
        int place = entries;
        for (int i = 0; i < module.Data.Length; i++)
        {
            DataSegment segment = module.Data[i];
            if (segment.Mode == SegmentMode.Passive)
            {
                module.Bytes.Span.Slice(segment.Start, segment.Length).CopyTo(all[place..]);
                table[((i << EntryShift) + Place) / sizeof(uint)] = (uint)place;
                table[((i << EntryShift) + Length) / sizeof(uint)] = (uint)segment.Length;
                place += segment.Length;
            }
        }
    }

    ~PassiveData() => Free();

    /// <summary>The first entry; null if the module has no data segments.</summary>
    public byte* Entries { get; private set; }

    /// <summary>Size of the block in bytes.</summary>
    public int Size { get; }

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        NativeMemory.Free(Entries);
        Entries = null;
    }
}
