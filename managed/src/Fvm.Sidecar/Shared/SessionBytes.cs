namespace Fvm.Sidecar;

/// <summary>The bytes held for a session: frames of unfinished calls, blocks that came with them, and answers. Thread-safe.</summary>
internal sealed class SessionBytes(long limit)
{
    private long _held;

    public long Held => Interlocked.Read(ref _held);

    /// <summary>Counts bytes.</summary>
    /// <exception cref="CallFault">They exceed the limit; then they are not counted.</exception>
    public void Add(long bytes)
    {
        if (Interlocked.Add(ref _held, bytes) > limit)
        {
            Remove(bytes);
            throw CallFault.Limit("bytes", $"the session's unfinished calls, shipped blocks and answers exceed {limit} bytes, their limit");
        }
    }

    public void Remove(long bytes) => Interlocked.Add(ref _held, -bytes);
}
