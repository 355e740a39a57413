using Fvm.Wasm;

namespace Fvm;

/// <summary>
/// The bytes of the blocks that a message creates. A message may pay for hundreds of megabytes, and all of them live until its end: the garbage
/// collector would copy them several times, and its fresh pages cost more than copying a block to them. What exceeds the blocks of an ordinary
/// message is therefore outside its heap, and given back at the message's end.
/// </summary>
/// <param name="kept">Stores the first blocks, and very long ones.</param>
/// <param name="pool">Provides the memory outside the heap.</param>
internal sealed class BlockMemory(KeptBytes kept, NativeBytesPool pool) : IDisposable
{
    /// <summary>Total length of the first blocks, which are on the heap, in bytes.</summary>
    internal const int BytesOnHeap = 1 << 20;

    // Longer blocks, by parts of a chunk, are on the heap, so that the unused ends of chunks stay below that part. The collector does not copy
    // objects of this size.
    private const int LongestPart = 4;

    private readonly List<NativeBytes> _chunks = [];
    private Memory<byte> _free;
    private int _onHeap;

    /// <summary>Copies bytes. The copy is valid until <see cref="Dispose"/>.</summary>
    /// <exception cref="OutOfMemoryException">The process has no memory left.</exception>
    public ReadOnlyMemory<byte> Keep(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > pool.ChunkLength / LongestPart) return kept.Keep(bytes);

        if (bytes.Length <= BytesOnHeap - _onHeap)
        {
            _onHeap += bytes.Length;
            return kept.Keep(bytes);
        }

        if (bytes.Length > _free.Length)
        {
            NewChunk();
        }

        Memory<byte> copy = _free[..bytes.Length];
        bytes.CopyTo(copy.Span);
        _free = _free[bytes.Length..];
        return copy;
    }

    /// <summary>Gives the memory outside the heap back. Later access to it throws.</summary>
    public void Dispose()
    {
        foreach (NativeBytes chunk in _chunks)
        {
            chunk.Return();
        }

        _chunks.Clear();
        _free = default;
    }

    private void NewChunk()
    {
        // Room for its entry first, so that a failure loses no chunk.
        _chunks.EnsureCapacity(_chunks.Count + 1);
        NativeBytes chunk = pool.Rent();
        _chunks.Add(chunk);
        _free = chunk.Memory;
    }
}
