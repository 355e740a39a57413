using System.Runtime.InteropServices;

namespace Fvm.Native;

/// <summary>
/// The C library's semaphore. Unlike .NET's, neither giving nor taking it ever allocates, so that a thread which waits is woken even in a
/// process that has no memory left.
/// </summary>
// Sound: the block is twice as large as a sem_t, stays in place, and is freed once: by Dispose, or by the finalizer, which KeepAlive
// holds off while a call is under way.
internal sealed unsafe class NativeSemaphore : IDisposable
{
    // sem_t of glibc has 32 bytes on 64-bit Linux.
    private const int Size = 64;

    private void* _semaphore = NativeMemory.AllocZeroed(Size);

    /// <param name="count">How often it can be taken before it is given.</param>
    /// <exception cref="OutOfMemoryException">There is no memory for it.</exception>
    public NativeSemaphore(int count = 0) => _ = Libc.sem_init(_semaphore, 0, (uint)count);

    ~NativeSemaphore() => Free();

    /// <summary>Lets one who waits go on, or the next who comes.</summary>
    public void Give()
    {
        _ = Libc.sem_post(_semaphore);
        GC.KeepAlive(this);
    }

    /// <summary>Waits until it is given.</summary>
    public void Take()
    {
        // Signals interrupt the wait; nothing else can fail.
        while (Libc.sem_wait(_semaphore) != 0)
        {
        }

        GC.KeepAlive(this);
    }

    /// <summary>Waits until it is given, but not for long.</summary>
    /// <returns>Whether it was given.</returns>
    public bool TryTake(int milliseconds)
    {
        const int Interrupted = 4;
        long until = (DateTime.UtcNow.Ticks - DateTime.UnixEpoch.Ticks) + (milliseconds * TimeSpan.TicksPerMillisecond);

        // A timespec: seconds and nanoseconds of the clock on the wall.
        long* time = stackalloc long[2];
        time[0] = until / TimeSpan.TicksPerSecond;
        time[1] = until % TimeSpan.TicksPerSecond * TimeSpan.NanosecondsPerTick;
        int answer;
        do
        {
            answer = Libc.sem_timedwait(_semaphore, time);
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

    private void Free()
    {
        NativeMemory.Free(_semaphore);
        _semaphore = null;
    }
}
