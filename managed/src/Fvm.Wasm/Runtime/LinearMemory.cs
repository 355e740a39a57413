namespace Fvm.Wasm.Runtime;

/// <summary>
/// A linear memory. Where pages are lazy, its region is as large as a memory may ever be, and growing only moves the limit; elsewhere it is
/// allocated anew.
/// </summary>
internal sealed unsafe class LinearMemory : IDisposable
{
    public const ulong PageSize = 65_536;

    /// <summary>The largest memory of an instance: the reference's 512 MiB.</summary>
    public const ulong MaxPages = 8_192;

    private readonly MemoryPools _pools;
    private byte* _base;
    private nuint _length;

    public LinearMemory(MemoryPools pools, ulong initialPages)
    {
        _pools = pools;
        _length = (nuint)(initialPages * PageSize);
        _base = pools.Pages.IsLazy ? pools.Memories.Rent() : pools.Pages.Allocate(_length);
    }

    public byte* Base => _base;

    public ulong Length => _length;

    /// <summary>Grows to a number of pages that is not above <see cref="MaxPages"/>.</summary>
    public void Grow(ulong pages)
    {
        nuint length = (nuint)(pages * PageSize);
        if (!_pools.Pages.IsLazy)
        {
            byte* grown = _pools.Pages.Allocate(length);
            Buffer.MemoryCopy(_base, grown, length, _length);
            _pools.Pages.Free(_base, _length);
            _base = grown;
        }

        _length = length;
    }

    public void Dispose()
    {
        if (_base == null)
        {
            return;
        }

        if (_pools.Pages.IsLazy)
        {
            _pools.Memories.Return(_base, _length);
        }
        else
        {
            _pools.Pages.Free(_base, _length);
        }

        _base = null;
        _length = 0;
    }
}
