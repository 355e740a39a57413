using System.Runtime.InteropServices;
using Fvm.MachineCode;
using static Fvm.MachineCode.LinuxMappings;

namespace Fvm.Wasm;

/// <summary>Writes the handler of faults in machine code.</summary>
/// <param name="table">Address of the table: see <see cref="GuardPages"/>.</param>
/// <param name="former">Address of the handler for all other faults.</param>
internal delegate byte[] FaultHandlerWriter(nint table, nint former);

/// <summary>
/// Memories with inaccessible pages behind them, in place of bounds checks in code: one per process, since the handler of faults is the process's.
/// The table tells the handler which code is guarded. It has a word with the number of slots in use, and from <see cref="SlotsAt"/> on slots of four
/// words: version, start of the code, its end, and where it continues after a fault. The version is odd while a slot changes, so that the handler,
/// which may run at any time and takes no lock, does not use a slot that changes meanwhile; the slot of running code does not change.
/// </summary>
// Sound: table and handler are never freed. Regions are mappings made here, which their owner returns once.
internal sealed unsafe class GuardPages
{
    /// <summary>
    /// The largest end of an access, from its address, that needs no check; the others, by a large constant offset, have one.
    /// </summary>
    public const uint Reach = 64 << 20;

    /// <summary>Bytes of a region: every address of 32 bits, and the reach.</summary>
    public const ulong RegionSize = (1ul << 32) + Reach;

    /// <summary>Bytes per slot.</summary>
    public const int SlotSize = 32;

    /// <summary>Place of the slots in the table, in bytes.</summary>
    public const int SlotsAt = 64;

    // Modules with guarded code at a time; more have checks.
    private const int Slots = 4096;

    // Regions at a time: 16 TiB of 128, and at most four of the system's 65,530 mappings each.
    private const int MaxRegions = 4096;

    private readonly Lock _lock = new();
    private readonly ulong* _table;
    private readonly nint _handler;
    private readonly Stack<int> _free = [];
    private int _regions;

    private GuardPages(ulong* table, nint handler)
    {
        _table = table;
        _handler = handler;
    }

    private static nuint Size => unchecked((nuint)RegionSize);

    /// <summary>Whether faults of the calling thread come to the handler: no other was set since, and the thread does not block the signal.</summary>
    public bool Work => SignalHandlers.TryGet(SignalHandlers.SegmentationFault, out SignalHandlers.Action present) && present.Handler == _handler
        && !SignalHandlers.IsBlocked(SignalHandlers.SegmentationFault);

    /// <summary>
    /// Sets the handler of faults, which hands all but those of guarded code on to the handler that was there before, as the system would have
    /// called it: on the same stack, with the same signals blocked. Null where that cannot be done.
    /// </summary>
    public static GuardPages? Install(FaultHandlerWriter write)
    {
        // The .NET runtime has set a handler in every process; without one, the handler would have to end the process itself.
        if (!OperatingSystem.IsLinux() || nint.Size != sizeof(ulong)
            || !SignalHandlers.TryGet(SignalHandlers.SegmentationFault, out SignalHandlers.Action action)
            || !action.IsHandler || (action.Flags & SignalHandlers.Once) != 0)
        {
            return null;
        }

        ulong* table = (ulong*)NativeMemory.AlignedAlloc(SlotsAt + (Slots * SlotSize), SlotsAt);
        NativeMemory.Clear(table, SlotsAt + (Slots * SlotSize));
        if (CodeMemory.TryLoad([], write((nint)table, action.Handler)) is not CodeMemory code)
        {
            NativeMemory.AlignedFree(table);
            return null;
        }

        // Kept for the life of the process, as the system has its address.
        GC.SuppressFinalize(code);
        action.Handler = (nint)code.Code;
        action.Flags |= SignalHandlers.WithInformation;
        return SignalHandlers.TrySet(SignalHandlers.SegmentationFault, in action) ? new GuardPages(table, action.Handler) : null;
    }

    /// <summary>Adds code to the table.</summary>
    /// <param name="start">Its first byte.</param>
    /// <param name="end">The byte after its last.</param>
    /// <param name="exit">Where it continues after a fault.</param>
    /// <returns>What removes it from the table, before the code is freed; null if the table is full.</returns>
    public IDisposable? TryRegister(nint start, nint end, nint exit)
    {
        lock (_lock)
        {
            if (!_free.TryPop(out int slot))
            {
                if (*_table == Slots)
                {
                    return null;
                }

                slot = (int)*_table;
            }

            Change(slot, start, end, exit);
            Volatile.Write(ref *_table, Math.Max(*_table, (ulong)slot + 1));
            return new Registration(this, slot);
        }
    }

    /// <summary>
    /// Reserves a region, of which the first bytes are readable and writable and the others inaccessible: they take addresses only. Null where
    /// addresses have run out.
    /// </summary>
    /// <param name="length">Number of accessible bytes, a multiple of the page size.</param>
    public byte* TryReserve(ulong length)
    {
        if (Interlocked.Increment(ref _regions) <= MaxRegions)
        {
            nint region = Map(0, Size, None, Private | Anonymous | NoReserve, -1, 0);
            if (region != Failed)
            {
                // As for other memories, which are restored page by page.
                _ = Advise(region, Size, NoHugePages);
                if (TryOpen((byte*)region, 0, length))
                {
                    return (byte*)region;
                }

                Unmap(region, Size);
            }
        }

        Interlocked.Decrement(ref _regions);
        return null;
    }

    /// <summary>Makes more of a region accessible; false where the system has no memory.</summary>
    public static bool TryOpen(byte* region, ulong from, ulong to) =>
        from == to || Protect((nint)(region + from), (nuint)(to - from), Read | Write) == 0;

    /// <summary>Makes the end of the accessible part inaccessible; its pages stay. False where the system refuses.</summary>
    public static bool TryClose(byte* region, ulong from, ulong to) => from == to || Protect((nint)(region + from), (nuint)(to - from), None) == 0;

    /// <summary>Frees a region.</summary>
    public void Free(byte* region)
    {
        Unmap((nint)region, Size);
        Interlocked.Decrement(ref _regions);
    }

    private void Change(int slot, nint start, nint end, nint exit)
    {
        ulong* words = _table + ((SlotsAt + (slot * SlotSize)) / sizeof(ulong));
        Volatile.Write(ref words[0], words[0] + 1);
        Volatile.Write(ref words[1], (ulong)start);
        Volatile.Write(ref words[2], (ulong)end);
        Volatile.Write(ref words[3], (ulong)exit);
        Volatile.Write(ref words[0], words[0] + 1);
    }

    private void Remove(int slot)
    {
        lock (_lock)
        {
            Change(slot, 0, 0, 0);
            _free.Push(slot);
        }
    }

    private sealed class Registration(GuardPages pages, int slot) : IDisposable
    {
        private int _removed;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _removed, 1) == 0)
            {
                pages.Remove(slot);
            }
        }
    }
}
