namespace Fvm.Wasm;

/// <summary>
/// The linear memory of a <see cref="PooledInstance"/>: the start of a region, which is moved if the memory outgrows it. The initial content
/// is restored by writing only the dirty pages, so that pages stay mapped for the next instance. A region with <see cref="GuardPages"/> is never
/// moved: its pages are made accessible as the memory grows, and inaccessible when it is restored.
/// </summary>
internal sealed class PooledMemory : IInstanceMemory, IDisposable
{
    /// <summary>Maximum size, in pages, of a memory to restore; a larger one is freed.</summary>
    private const int MaxRestoredPages = 4096;
    private const int PageSize = PageMap.PageSize;

    /// <summary>
    /// Maximum size in bytes of a region that maps the image's pages: the system moves only regions of one mapping, so that a memory which
    /// outgrows it is copied.
    /// </summary>
    private const ulong MaxMapping = 4 << 20;

    private const int UnknownThread = -1;

    /// <summary>Maximum number of present pages to remember. The list has a fixed size: restoring must work where memory is out.</summary>
    private const int MaxKnown = 128;

    private readonly MemoryPools _pools;
    private readonly GuardPages? _guard;
    private readonly PageMap? _map;
    private readonly MemoryImage? _image;
    private readonly ulong _initialLength;
    private ulong _capacity;
    private bool _mapsImage;

    /// <summary>
    /// Pages present at the last read of the page map, which covered the first <see cref="_mapped"/> pages; 0 if they were too many.
    /// </summary>
    private readonly ushort[] _present = new ushort[MaxKnown];
    private int _presentCount;
    private int _mapped;

    /// <summary>The only thread to use the memory, or <see cref="UnknownThread"/>, and at most its page faults at the start of the use.</summary>
    private int _user = UnknownThread;
    private ThreadFaults? _counter;
    private long _faults;

    /// <param name="pools">Source of the region.</param>
    /// <param name="map">The process's page map; null to never restore the memory.</param>
    /// <param name="image">The initial content; null for zeros.</param>
    /// <param name="initialPages">The initial size, in Wasm pages.</param>
    // Sound: the region has at least the initial length.
    public unsafe PooledMemory(MemoryPools pools, PageMap? map, MemoryImage? image, ulong initialPages)
        : this(pools, guard: null, map, image, initialPages * LinearMemory.PageSize)
    {
        Base = pools.Memories.Rent(_initialLength, out _capacity);
        Fill();
    }

    private PooledMemory(MemoryPools pools, GuardPages? guard, PageMap? map, MemoryImage? image, ulong initialLength)
    {
        _pools = pools;
        _guard = guard;
        _map = map;
        _image = image;
        _initialLength = initialLength;
        Length = _initialLength;
    }

    /// <summary>Makes a memory with guard pages; null where addresses have run out.</summary>
    // Sound: the region is owned by the new memory, and its accessible part has the memory's length.
    public static unsafe PooledMemory? TryGuard(GuardPages guard, MemoryPools pools, PageMap? map, MemoryImage? image, ulong initialPages)
    {
        PooledMemory memory = new(pools, guard, map, image, initialPages * LinearMemory.PageSize)
        {
            _capacity = GuardPages.RegionSize,
        };
        memory.Base = guard.TryReserve(memory._initialLength);
        if (memory.Base == null)
        {
            return null;
        }

        memory.Fill();
        return memory;
    }

    // Sound: the region has at least the initial length, within which the image ends.
    private unsafe void Fill()
    {
        if (_image is not null && _image.Length > 0)
        {
            _mapsImage = _map is not null && (_capacity <= MaxMapping || _guard is not null) && _image.TryMap(Base);
            if (!_mapsImage)
            {
                Buffer.MemoryCopy(_image.Bytes, Base + _image.Start, _image.Length, _image.Length);
            }
        }
    }

    /// <inheritdoc/>
    // Sound: a region of _capacity bytes, at least Length, owned by this object until Dispose.
    public unsafe byte* Base { get; private set; }

    /// <inheritdoc/>
    public ulong Length { get; private set; }

    /// <summary>Bytes of resident memory kept while idle.</summary>
    public long Idle => (long)_presentCount * PageSize;

    /// <inheritdoc/>
    // Sound: the new region has at least the new length; on failure, the region is unchanged.
    public unsafe void Grow(ulong pages)
    {
        ulong length = pages * LinearMemory.PageSize;
        if (_guard is not null)
        {
            if (!GuardPages.TryOpen(Base, Length, length))
            {
                throw new OutOfMemoryException($"mprotect for a memory of {length} bytes failed");
            }
        }
        else if (length > _capacity && _mapsImage)
        {
            Copy(length);
        }
        else if (length > _capacity)
        {
            Base = _pools.Memories.Move(Base, ref _capacity, length);
        }

        Length = length;
    }

    /// <summary>Starts the use of a restored memory by the calling thread.</summary>
    public void Use()
    {
        if (_mapped > 0 && _map is { CountsFaults: true })
        {
            _user = Environment.CurrentManagedThreadId;
            _counter = NativeStack.OfThread().Faults;
            _faults = _counter.AtMost();
        }
    }

    /// <summary>To be called before code accesses the memory: page faults of other threads than its user are not counted.</summary>
    public void Enter()
    {
        if (_user != Environment.CurrentManagedThreadId)
        {
            _user = UnknownThread;
        }
    }

    /// <summary>Restores the initial content; false if the memory is to be freed instead: too large, or its dirty pages unknown.</summary>
    public bool TryRestore()
    {
        int pages = (int)(Length / PageSize);
        if (_map is null || pages > MaxRestoredPages)
        {
            return false;
        }

        if (KnowsPresent(pages))
        {
            // In order: those from a use that grew further are restored already, and behind guard pages.
            for (int i = 0; i < _presentCount && _present[i] < pages; i++)
            {
                Restore((ulong)_present[i] * PageSize);
            }
        }
        else if (!TryRestoreByMap(_map, pages))
        {
            return false;
        }

        if (_guard is not null && !TryClose())
        {
            return false;
        }

        Length = _initialLength;
        _user = UnknownThread;
        return true;
    }

    // Sound: no code runs in the region, whose accessible part has the present length.
    private unsafe bool TryClose() => GuardPages.TryClose(Base, _initialLength, Length);

    // Sound: the region is returned once, with the capacity with which it was rented.
    public unsafe void Dispose()
    {
        if (_mapsImage || _guard is not null)
        {
            // The next user of a pooled region expects zeros in one mapping.
            Release();
        }
        else if (Base != null)
        {
            _pools.Memories.Return(Base, _capacity, Length);
            Base = null;
        }
    }

    /// <inheritdoc/>
    // Sound: as for Dispose.
    public unsafe void Release()
    {
        if (Base != null)
        {
            if (_guard is not null)
            {
                _guard.Free(Base);
            }
            else
            {
                _pools.Pages.Free(Base, (nuint)_capacity);
            }

            Base = null;
            if (_mapsImage)
            {
                _mapsImage = false;
                _image!.CountUnmapped();
            }
        }
    }

    /// <summary>Moves the memory to a larger region, of one mapping. Pages of zeros are not written there.</summary>
    // Sound: the new region has room for the length, which is greater than the present one; the old one is freed after its last use.
    private unsafe void Copy(ulong length)
    {
        byte* larger = _pools.Memories.Rent(length, out ulong capacity);
        for (ulong at = 0; at < Length; at += PageSize)
        {
            if (!PageContent.IsZero(Base + at))
            {
                Buffer.MemoryCopy(Base + at, larger + at, PageSize, PageSize);
            }
        }

        Release();
        Base = larger;
        _capacity = capacity;
    }

    /// <summary>
    /// Whether no page has become present since the page map was read. The system can promote small pages to a huge page without a fault, so
    /// <see cref="PageMemory"/> disables huge pages for memories of this size.
    /// </summary>
    private bool KnowsPresent(int pages) =>
        pages <= _mapped && _user == Environment.CurrentManagedThreadId && _counter!.IsStill(_faults);

    // Sound: the entries are those of the pages below Length, which are in the region.
    private unsafe bool TryRestoreByMap(PageMap map, int pages)
    {
        Span<ulong> entries = stackalloc ulong[pages];
        if (!map.TryRead(Base, entries))
        {
            return false;
        }

        int count = 0;
        for (int i = 0; i < pages; i++)
        {
            if (PageMap.IsTouched(entries[i]))
            {
                Restore((ulong)i * PageSize);
                if (count < MaxKnown)
                {
                    _present[count] = (ushort)i;
                }

                count++;
            }
        }

        _presentCount = count;
        _mapped = count <= MaxKnown ? pages : 0;
        return true;
    }

    // Sound: the page is in the region, which never shrinks below the length at which the page was found; its original is in the image, which
    // consists of whole pages.
    private unsafe void Restore(ulong at)
    {
        byte* page = Base + at;
        if (_image is not null && at - _image.Start < _image.Length)
        {
            byte* original = _image.Bytes + (at - _image.Start);
            if (!PageContent.Equal(page, original))
            {
                Buffer.MemoryCopy(original, page, PageSize, PageSize);
            }
        }
        else if (!PageContent.IsZero(page))
        {
            // Pages that were only read still map the system's shared zero page; writing would allocate one.
            new Span<byte>(page, PageSize).Clear();
        }
    }
}
