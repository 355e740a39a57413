using System.Buffers;

namespace Fvm.Wasm;

/// <summary>
/// A chunk of a <see cref="NativeBytesPool"/> as <see cref="Memory{T}"/>: for much data that is released at a known time, which the garbage
/// collector would otherwise copy, and free late. It has no finalizer: its owner calls <see cref="Return"/>.
/// </summary>
// Sound: the chunk has the pool's length, and no span is made after it was returned; a span lives no longer than the call that made it, and
// the owner returns the chunk only when no call uses its memory.
public sealed unsafe class NativeBytes : MemoryManager<byte>
{
    private readonly NativeBytesPool _pool;
    private nint _chunk;

    internal NativeBytes(NativeBytesPool pool) => _pool = pool;

    /// <exception cref="ObjectDisposedException">The chunk was returned.</exception>
    public override Span<byte> GetSpan()
    {
        ObjectDisposedException.ThrowIf(_chunk == 0, this);
        return new Span<byte>((byte*)_chunk, _pool.ChunkLength);
    }

    /// <summary>The address of an element: the chunk does not move.</summary>
    /// <exception cref="ObjectDisposedException">The chunk was returned.</exception>
    public override MemoryHandle Pin(int elementIndex = 0)
    {
        ObjectDisposedException.ThrowIf(_chunk == 0, this);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)elementIndex, (uint)_pool.ChunkLength);
        return new MemoryHandle((byte*)_chunk + elementIndex);
    }

    /// <inheritdoc/>
    public override void Unpin()
    {
    }

    /// <summary>Gives the chunk back to its pool. Later access to this memory throws.</summary>
    public void Return() => Dispose(disposing: true);

    internal void Own(nint chunk) => _chunk = chunk;

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        nint chunk = Interlocked.Exchange(ref _chunk, 0);
        if (chunk != 0)
        {
            _pool.Return(chunk);
        }
    }
}
