namespace Fvm.Sidecar;

/// <summary>The bytes held for a session: frames of unfinished calls, blocks that came with them, and answers. Thread-safe.</summary>
internal sealed class SessionBytes(long limit)
{
    private long _held;

    public long Held => Interlocked.Read(ref _held);

    /// <summary>Bytes that may be held for what the session could do without: half of the limit, less what is held.</summary>
    public long Spare => (limit / 2) - Held;

    /// <summary>Counts bytes.</summary>
    /// <exception cref="CallFault">They exceed the limit; then they are not counted.</exception>
    public void Add(long bytes)
    {
        if (!TryAdd(bytes))
        {
            throw CallFault.Limit("bytes", $"the session's unfinished calls, shipped blocks and answers exceed {limit} bytes, their limit");
        }
    }

    /// <summary>Counts bytes, unless they exceed the limit.</summary>
    public bool TryAdd(long bytes)
    {
        if (Interlocked.Add(ref _held, bytes) <= limit)
        {
            return true;
        }

        Remove(bytes);
        return false;
    }

    /// <summary>Counts bytes that the session could do without, unless little would be left for the others.</summary>
    public bool TryAddSpare(long bytes) => bytes <= Spare && TryAdd(bytes);

    public void Remove(long bytes) => Interlocked.Add(ref _held, -bytes);
}
