using System.Runtime.InteropServices;

namespace Fvm.Hosting;

/// <summary>
/// The C library's semaphore. Unlike .NET's, none of its operations allocates, so that a waiting thread is woken even in a process without
/// memory.
/// </summary>
// Sound: the block is twice as large as a sem_t, stays in place, and is freed once: by Dispose, or by the finalizer, which KeepAlive
// holds off while a call is under way.
internal sealed unsafe class NativeSemaphore : IDisposable
{
    private const string Libc = "libc";

    // sem_t has 32 bytes in glibc on 64-bit Linux.
    private const int Size = 64;

    private void* _semaphore = NativeMemory.AllocZeroed(Size);

    /// <param name="count">The initial count.</param>
    /// <exception cref="OutOfMemoryException">There is no memory for it.</exception>
    public NativeSemaphore(int count = 0) => _ = sem_init(_semaphore, 0, (uint)count);

    ~NativeSemaphore() => Free();

    /// <summary>Increments the count: wakes a waiter, or lets the next one pass.</summary>
    public void Give()
    {
        _ = sem_post(Semaphore());
        GC.KeepAlive(this);
    }

    /// <summary>Waits for a positive count and decrements it.</summary>
    public void Take()
    {
        // Only signals interrupt the wait; no other error is possible.
        while (sem_wait(Semaphore()) != 0)
        {
        }

        GC.KeepAlive(this);
    }

    /// <summary>As <see cref="Take"/>, with a timeout.</summary>
    /// <returns>False on timeout.</returns>
    public bool TryTake(int milliseconds)
    {
        const int Interrupted = 4;
        long until = (DateTime.UtcNow.Ticks - DateTime.UnixEpoch.Ticks) + (milliseconds * TimeSpan.TicksPerMillisecond);

        // A timespec: seconds and nanoseconds of the real-time clock.
        long* time = stackalloc long[2];
        time[0] = until / TimeSpan.TicksPerSecond;
        time[1] = until % TimeSpan.TicksPerSecond * TimeSpan.NanosecondsPerTick;
        int answer;
        do
        {
            answer = sem_timedwait(Semaphore(), time);
        }
        // Sound: reads the error of the call just made; a stale one ends the wait as a timeout would.
        while (answer != 0 && Marshal.GetLastSystemError() == Interrupted);
        GC.KeepAlive(this);
        return answer == 0;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    [DllImport(Libc)]
    private static extern int sem_init(void* semaphore, int shared, uint value);

    [DllImport(Libc)]
    private static extern int sem_post(void* semaphore);

    [DllImport(Libc)]
    private static extern int sem_wait(void* semaphore);

    [DllImport(Libc)]
    private static extern int sem_timedwait(void* semaphore, long* time);

    // The C library would end the process.
    private void* Semaphore()
    {
        ObjectDisposedException.ThrowIf(_semaphore is null, this);
        return _semaphore;
    }

    private void Free()
    {
        NativeMemory.Free(_semaphore);
        _semaphore = null;
    }
}
