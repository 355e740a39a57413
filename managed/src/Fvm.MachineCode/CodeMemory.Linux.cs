using static Fvm.MachineCode.LinuxMappings;

namespace Fvm.MachineCode;

/// <summary>Code memory backed by an anonymous file that is mapped twice.</summary>
// Sound: every address passed to the system belongs to a mapping that this object created and has not released.
internal sealed unsafe class LinuxCodeMemory : CodeMemory
{
    private const int PageSize = 4096;

    private readonly long _dataSize;
    private int _disposed;

    public LinuxCodeMemory(int dataSize, long capacity)
    {
        Capacity = (capacity + PageSize - 1) & -PageSize;
        _dataSize = dataSize;
        int file = CreateFile("wasm code");
        if (file < 0)
        {
            throw new OutOfMemoryException("no memory for machine code");
        }

        try
        {
            nint all = Resize(file, Capacity) < 0 ? Failed : Map(0, (nuint)(_dataSize + Capacity), None, Private | Anonymous | NoReserve, -1, 0);
            nint code = all == Failed ? Failed : Map(all + (nint)_dataSize, (nuint)Capacity, Read | Execute, Shared | Fixed, file, 0);
            nint writable = code == Failed ? Failed : Map(0, (nuint)Capacity, Read | Write, Shared, file, 0);
            if (writable == Failed || Protect(all, (nuint)_dataSize, Read | Write) != 0)
            {
                if (all != Failed)
                {
                    Unmap(all, (nuint)(_dataSize + Capacity));
                }

                throw new OutOfMemoryException("no memory for machine code");
            }

            // Sound: addresses returned by the system, with the sizes that the properties state.
            Data = (byte*)all;
            Code = (byte*)code;
            Writable = (byte*)writable;
        }
        finally
        {
            Close(file);
        }
    }

    ~LinuxCodeMemory() => Release();

    /// <summary>Whether the system lets a process execute code that it wrote. Some hardened systems do not.</summary>
    public static bool IsAvailable
    {
        get
        {
            try
            {
                using LinuxCodeMemory probe = new(PageSize, PageSize);
                return true;
            }
            catch (OutOfMemoryException)
            {
                return false;
            }
        }
    }

    public override void DropWritablePages()
    {
        // Sound: the mapping is shared, so its contents are in the file and stay there.
        _ = Advise((nint)Writable, (nuint)Capacity, DontNeed);
    }

    public override void Seal()
    {
        // Sound: nobody writes through the unmapped address, since the property is null from here on.
        if (Writable != null)
        {
            Unmap((nint)Writable, (nuint)Capacity);
            Writable = null;
            _ = Protect((nint)Data, (nuint)_dataSize, Read);
        }
    }

    public override void Dispose()
    {
        Release();
        GC.SuppressFinalize(this);
    }

    private void Release()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0 && Data != null)
        {
            // Sound: called once only, by an owner that knows that no code is running.
            Registration?.Dispose();
            Unmap((nint)Data, (nuint)(_dataSize + Capacity));
            if (Writable != null)
            {
                Unmap((nint)Writable, (nuint)Capacity);
            }
        }
    }
}
