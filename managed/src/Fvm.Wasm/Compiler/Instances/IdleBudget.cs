namespace Fvm.Wasm;

/// <summary>Limits the total memory, in bytes, of an engine's idle instances.</summary>
internal sealed class IdleBudget(long limit)
{
    private long _used;

    /// <summary>Adds to the total; false, without effect, if the limit would be exceeded.</summary>
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
