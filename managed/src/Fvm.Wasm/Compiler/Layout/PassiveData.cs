using System.Runtime.InteropServices;

namespace Fvm.Wasm;

/// <summary>
/// The data segments of a module as <c>memory.init</c> in machine code reads them, in unmanaged memory: for each segment an entry, then the
/// bytes of passive ones. Active segments have length 0: they are dropped before any function runs. Takes at most the module's size, and
/// the entries.
/// </summary>
// Sound: one block of Size bytes, with an entry per data segment and the bytes that the entries name, owned by this object until Dispose; code
// that reads it is in use no longer then.
internal sealed unsafe class PassiveData : IDisposable
{
    /// <summary>Bytes of an entry, as a power of two.</summary>
    public const int EntryShift = 3;

    /// <summary>Offset, within an entry, of 4 bytes with the offset of the segment's first byte from the first entry.</summary>
    public const int Place = 0;

    /// <summary>Offset, within an entry, of 4 bytes with the length of the segment in bytes.</summary>
    public const int Length = 4;

    /// <param name="module">A module that was accepted: its size, and eight times the number of its segments, fit into 31 bits.</param>
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

    /// <summary>The first entry; null where the module has no data segments.</summary>
    public byte* Entries { get; private set; }

    /// <summary>Bytes of memory taken.</summary>
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
