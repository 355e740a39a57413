namespace Fvm.Wasm;

/// <summary>Bounds the bytes that bodies of all codes of an engine keep while they wait to be used again.</summary>
internal sealed class IdleBudget(long limit)
{
    private long _used;

    /// <summary>Counts some bytes; false where they do not fit.</summary>
    public bool TryAdd(long bytes)
    {
        if (Interlocked.Add(ref _used, bytes) <= limit)
        {
            return true;
        }

        Remove(bytes);
        return false;
    }

    public void Remove(long bytes) => Interlocked.Add(ref _used, -bytes);
}
