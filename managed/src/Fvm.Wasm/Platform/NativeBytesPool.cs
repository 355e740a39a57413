namespace Fvm.Wasm;

/// <summary>
/// Chunks of one length outside the garbage collector's heap, in huge pages; idle ones are kept, because the first access to fresh pages costs
/// more than filling them. A chunk has what its last user left in it. Thread-safe.
/// </summary>
/// <param name="chunkLength">Bytes per chunk.</param>
/// <param name="capacity">Maximum number of idle chunks.</param>
// Sound: a chunk has chunkLength bytes, and is either idle or owned by one NativeBytes, which gives it up when it returns it.
public sealed unsafe class NativeBytesPool(int chunkLength, int capacity)
{
    private readonly PageMemory _memory = PageMemory.Create();
    private readonly Lock _lock = new();
    private readonly nint[] _idle = new nint[capacity];
    private int _count;

    /// <summary>Frees the idle chunks of a forgotten pool.</summary>
    // Neither the array nor the memory has a finalizer, so they are intact here; no other thread has the pool.
    ~NativeBytesPool() => FreeIdle();

    /// <summary>Bytes per chunk.</summary>
    public int ChunkLength => chunkLength;

    /// <summary>Bytes of the idle chunks.</summary>
    public long IdleBytes
    {
        get
        {
            lock (_lock)
            {
                return (long)_count * chunkLength;
            }
        }
    }

    /// <summary>Takes a chunk.</summary>
    /// <exception cref="OutOfMemoryException">The process has no memory left.</exception>
    public NativeBytes Rent()
    {
        // Its object first: a chunk never lacks an owner.
        NativeBytes bytes = new(this);
        bytes.Own(TakeIdle() ?? (nint)_memory.AllocateHuge((nuint)chunkLength));
        return bytes;
    }

    /// <summary>Returns idle chunks to the system; the pool stays usable.</summary>
    public void Trim()
    {
        lock (_lock)
        {
            FreeIdle();
        }
    }

    internal void Return(nint chunk)
    {
        lock (_lock)
        {
            if (_count < _idle.Length)
            {
                _idle[_count++] = chunk;
                return;
            }
        }

        Free(chunk);
    }

    private nint? TakeIdle()
    {
        lock (_lock)
        {
            return _count == 0 ? null : _idle[--_count];
        }
    }

    private void FreeIdle()
    {
        while (_count > 0)
        {
            Free(_idle[--_count]);
        }
    }

    private void Free(nint chunk) => _memory.Free((byte*)chunk, (nuint)chunkLength);
}
