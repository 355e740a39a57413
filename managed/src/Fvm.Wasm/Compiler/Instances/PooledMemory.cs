namespace Fvm.Wasm;

/// <summary>
/// The linear memory of an <see cref="PooledInstance"/>: a region of which a part is in use, and which is moved where the memory outgrows it.
/// It can be brought back to what it was at the start by writing only pages that changed, so that the next instance finds its pages mapped.
/// </summary>
internal sealed class PooledMemory : IInstanceMemory, IDisposable
{
    /// <summary>A memory of more pages than this is given back to the system as a whole.</summary>
    private const int MaxRestoredPages = 4096;
    private const int PageSize = PageMap.PageSize;

    private const int UnknownThread = -1;

    private readonly MemoryPools _pools;
    private readonly MemoryImage? _image;
    private readonly ulong _initialLength;
    private ulong _capacity;

    /// <summary>The pages that were present when the page map was read last, among the first <see cref="_mapped"/>.</summary>
    private ushort[] _present = [];
    private int _mapped;

    /// <summary>The thread that uses the memory, and its count of page faults when it began.</summary>
    private int _user = UnknownThread;
    private long _faults;

    // Sound: the region has at least the initial length.
    public unsafe PooledMemory(MemoryPools pools, MemoryImage? image, ulong initialPages)
    {
        _pools = pools;
        _image = image;
        _initialLength = initialPages * LinearMemory.PageSize;
        Base = pools.Memories.Rent(_initialLength, out _capacity);
        Length = _initialLength;
        CopyImage();
    }

    /// <inheritdoc/>
    // Sound: a region of _capacity bytes, at least Length, owned by this object until Dispose.
    public unsafe byte* Base { get; private set; }

    /// <inheritdoc/>
    public ulong Length { get; private set; }

    /// <summary>Bytes that the system keeps for the memory while it waits to be used again.</summary>
    public long Idle { get; private set; }

    /// <inheritdoc/>
    // Sound: the region is replaced by one that has the new length; on failure, it is unchanged.
    public unsafe void Grow(ulong pages)
    {
        ulong length = pages * LinearMemory.PageSize;
        if (length > _capacity)
        {
            Base = _pools.Memories.Move(Base, ref _capacity, length);
        }

        Length = length;
    }

    /// <summary>Begins the use by the calling thread of a memory that is at its beginning.</summary>
    public void Use(PageMap? touched)
    {
        if (_mapped > 0 && touched is { CountsFaults: true })
        {
            _user = Environment.CurrentManagedThreadId;
            _faults = ThreadFaults.Count();
        }
    }

    /// <summary>To be called before code runs on the memory: what another thread than its user adds is not counted.</summary>
    public void Enter()
    {
        if (_user != Environment.CurrentManagedThreadId)
        {
            _user = UnknownThread;
        }
    }

    /// <summary>Brings the memory back to what it was at the start; false where it is better thrown away.</summary>
    public bool TryRestore(PageMap? touched)
    {
        int pages = (int)(Length / PageSize);
        if (touched is null || pages > MaxRestoredPages || !(KnowsPresent(pages) || TryFindPresent(touched, pages)))
        {
            return false;
        }

        foreach (ushort page in _present)
        {
            Restore((ulong)page * PageSize);
        }

        Idle = (long)_present.Length * PageSize;
        Length = _initialLength;
        _user = UnknownThread;
        return true;
    }

    // Sound: the region is returned once, with the capacity that it was taken with.
    public unsafe void Dispose()
    {
        if (Base != null)
        {
            _pools.Memories.Return(Base, _capacity, Length);
            Base = null;
        }
    }

    /// <summary>
    /// Whether no page was added since the page map was read. Huge pages would be (the system makes them of small ones without a fault), so
    /// <see cref="PageMemory"/> gives memories of this size none.
    /// </summary>
    private bool KnowsPresent(int pages) =>
        pages <= _mapped && _user == Environment.CurrentManagedThreadId && _faults >= 0 && _faults == ThreadFaults.Count();

    // Sound: the entries are those of the pages of Length, which lie in the region.
    private unsafe bool TryFindPresent(PageMap touched, int pages)
    {
        Span<ulong> entries = stackalloc ulong[pages];
        if (!touched.TryRead(Base, entries))
        {
            return false;
        }

        Span<ushort> present = stackalloc ushort[pages];
        int count = 0;
        for (int i = 0; i < pages; i++)
        {
            if (PageMap.IsTouched(entries[i]))
            {
                present[count++] = (ushort)i;
            }
        }

        _mapped = 0;
        if (!present[..count].SequenceEqual(_present))
        {
            try
            {
                _present = present[..count].ToArray();
            }
            catch (OutOfMemoryException)
            {
                return false;
            }
        }

        _mapped = pages;
        return true;
    }

    // Sound: the page lies in the region, which never shrinks below the length at which the page was found; its original lies in the image,
    // which consists of whole pages.
    private unsafe void Restore(ulong at)
    {
        Span<byte> page = new(Base + at, PageSize);
        if (_image is not null && at - _image.Start < _image.Length)
        {
            ReadOnlySpan<byte> original = new(_image.Bytes + (at - _image.Start), PageSize);
            if (!page.SequenceEqual(original))
            {
                original.CopyTo(page);
            }
        }
        else if (page.ContainsAnyExcept((byte)0))
        {
            // Pages that were only read share the system's page of zeros, and stay so.
            page.Clear();
        }
    }

    // Sound: the image ends within the module's initial memory, which the region has room for.
    private unsafe void CopyImage()
    {
        if (_image is not null && _image.Length > 0)
        {
            Buffer.MemoryCopy(_image.Bytes, Base + _image.Start, _image.Length, _image.Length);
        }
    }
}
