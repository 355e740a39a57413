namespace Fvm.Wasm;

/// <summary>
/// A linear memory. With lazily allocated pages its region has room for growth, and moves when that is exceeded; otherwise the region has
/// the length of the memory.
/// </summary>
internal sealed class LinearMemory : IInstanceMemory, IDisposable
{
    public const ulong PageSize = 65_536;

    private readonly MemoryPools _pools;
    // Sound: a region of _capacity bytes, at least _length, owned by this object until Dispose.
    private unsafe byte* _base;
    private ulong _length;
    private ulong _capacity;

    // Sound: both sources return a region of at least _length bytes.
    public unsafe LinearMemory(MemoryPools pools, ulong initialPages)
    {
        _pools = pools;
        _length = initialPages * PageSize;
        _capacity = _length;
        _base = pools.Pages.IsLazy ? pools.Memories.Rent(_length, out _capacity) : pools.Pages.Allocate((nuint)_length);
    }

    /// <inheritdoc/>
    // Sound: as for the field.
    public unsafe byte* Base => _base;

    /// <inheritdoc/>
    public ulong Length => _length;

    /// <inheritdoc/>
    // Sound: the region is replaced by one that has the new length; on failure, it is unchanged.
    public unsafe void Grow(ulong pages)
    {
        ulong length = pages * PageSize;
        if (!_pools.Pages.IsLazy)
        {
            _base = _pools.Pages.Enlarge(_base, (nuint)_length, (nuint)length);
        }
        else if (length > _capacity)
        {
            _base = _pools.Memories.Move(_base, ref _capacity, length);
        }

        _length = length;
    }

    // Sound: the region is returned once, with the sizes that it was taken with.
    public unsafe void Dispose()
    {
        if (_base == null)
        {
            return;
        }

        if (_pools.Pages.IsLazy)
        {
            _pools.Memories.Return(_base, _capacity, _length);
        }
        else
        {
            _pools.Pages.Free(_base, (nuint)_length);
        }

        _base = null;
        _length = 0;
    }

    /// <inheritdoc/>
    // Sound: as for Dispose; a region that is not lazy has the length of the memory.
    public unsafe void Release()
    {
        if (_base != null)
        {
            _pools.Pages.Free(_base, (nuint)(_pools.Pages.IsLazy ? _capacity : _length));
            _base = null;
            _length = 0;
        }
    }
}
