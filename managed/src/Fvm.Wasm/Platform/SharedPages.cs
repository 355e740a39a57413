using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using static Fvm.MachineCode.LinuxMappings;

namespace Fvm.Wasm;

/// <summary>
/// Pages that many memories start from: parts of an anonymous file. A memory maps them privately, so it gets a page of its own where it first
/// writes to one, and the page map tells those from the file's (Linux). Thread-safe.
/// </summary>
// Sound: addresses passed to the system are those of mappings made here, or of memories whose owners ask for the mapping and name the length
// that they have there.
internal sealed unsafe partial class SharedPages
{
    // Each mapping divides one of the system's areas of memory into three, of which a process may have 65,530 by default.
    private const int MaxMappings = 4096;

    // Modes of `Allocate`: pages beyond the end, whose size grows; and a hole in the file, whose size stays.
    private const int Growing = 0;
    private const int Discarding = 3;

    private readonly Lock _growing = new();

    // Closed by its finalizer: memories may outlive their engine.
    private readonly SafeFileHandle _file;
    private long _size;
    private int _mappings;

    private SharedPages(SafeFileHandle file) => _file = file;

    /// <summary>
    /// Makes an empty file; null where the system has none, where there is no page map, or where a trial shows that it does not tell written
    /// pages from the file's.
    /// </summary>
    public static SharedPages? Open(PageMap? map)
    {
        if (map is null)
        {
            return null;
        }

        int file = CreateFile("wasm data");
        if (file < 0)
        {
            return null;
        }

        SharedPages pages = new(new SafeFileHandle(file, ownsHandle: true));
        return pages.TellsWrites(map) ? pages : null;
    }

    /// <summary>Adds pages of zeros to the file, which the caller fills and then seals.</summary>
    /// <param name="length">Bytes of whole pages.</param>
    /// <param name="offset">Where they are in the file.</param>
    /// <returns>Their address until <see cref="Remove"/>; null if there is no room for them.</returns>
    public byte* Add(nuint length, out long offset)
    {
        lock (_growing)
        {
            offset = _size;
            // With their memory: a page that had none when it is first written to would end the process by SIGBUS.
            if (Allocate(_file, Growing, offset, (long)length) != 0)
            {
                return null;
            }

            _size += (long)length;
        }

        nint at = Map(0, length, Read | Write, Shared, (int)_file.DangerousGetHandle(), offset);
        return at == Failed ? null : (byte*)at;
    }

    /// <summary>Ends the writing of pages.</summary>
    public static void Seal(byte* pages, nuint length) => _ = Protect((nint)pages, length, Read);

    /// <summary>Removes pages that no memory maps any more.</summary>
    public void Remove(byte* pages, nuint length, long offset)
    {
        Unmap((nint)pages, length);
        _ = Allocate(_file, Discarding, offset, (long)length);
    }

    /// <summary>Maps pages of the file over a part of a memory, for it alone; false, without effect, if too many are mapped.</summary>
    public bool TryMap(byte* at, nuint length, long offset)
    {
        if (Interlocked.Increment(ref _mappings) <= MaxMappings
            && Map((nint)at, length, Read | Write, Private | Fixed | NoReserve, (int)_file.DangerousGetHandle(), offset) != Failed)
        {
            return true;
        }

        CountUnmapped();
        return false;
    }

    /// <summary>To be called when a memory with pages of the file is freed.</summary>
    public void CountUnmapped() => Interlocked.Decrement(ref _mappings);

    [LibraryImport("libc", EntryPoint = "fallocate")]
    private static partial int Allocate(SafeFileHandle file, int mode, long offset, long length);

    /// <summary>Whether the page map shows a page as untouched until it is written to, although it was read.</summary>
    private bool TellsWrites(PageMap map)
    {
        nuint size = PageMap.PageSize;
        byte* page = Add(size, out long offset);
        if (page == null)
        {
            return false;
        }

        *page = 1;
        Seal(page, size);
        nint own = Map(0, size, Read | Write, Private, (int)_file.DangerousGetHandle(), offset);
        bool tells = own != Failed && Volatile.Read(ref *(byte*)own) == 1 && IsTouched() is false;
        if (own != Failed)
        {
            long before = ThreadFaults.Count();
            Volatile.Write(ref *(byte*)own, 2);
            tells = tells && IsTouched() is true && *page == 1 && (!map.CountsFaults || ThreadFaults.Count() > before);
            Unmap(own, size);
        }

        Remove(page, size, offset);
        return tells;

        bool? IsTouched()
        {
            ulong entry = 0;
            return map.TryRead((byte*)own, new Span<ulong>(ref entry)) ? PageMap.IsTouched(entry) : null;
        }
    }
}
