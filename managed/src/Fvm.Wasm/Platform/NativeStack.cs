using System.Runtime.CompilerServices;

namespace Fvm.Wasm;

/// <summary>
/// The stack of a thread that runs actors. A <see cref="DeepThread"/> has a stack reserved for the deepest possible message and committed
/// in chunks, ahead of each call; the stack of any other thread has a fixed size.
/// </summary>
public sealed partial class NativeStack
{
    /// <summary>
    /// Stack limit, in bytes, of one instance's compiled code, as in the reference. An instance that exceeds it traps, so no other stack limit
    /// may be reached first.
    /// </summary>
    public const int PerInstance = 4 << 20;

    /// <summary>Bytes of host frames per nested call, with a wide margin: 30 KiB were measured.</summary>
    public const int PerCall = 256 << 10;

    // Bytes for host frames below machine code: syscalls, and the runtime during garbage collection or signal handling.
    private const int Reserve = 256 << 10;

    // Granularity of commits, in bytes.
    private const long Chunk = 256 << 10;

    // Committed bytes kept between messages: enough for an ordinary message.
    private const long Kept = 8 << 20;

    // Bytes kept below the caller's frame when the rest is returned: the use of an ordinary message.
    private const long Margin = 256 << 10;

    private readonly long _low;
    private readonly bool _isGrown;
    private long _usable;

    private NativeStack(long low) => _low = low;

    internal NativeStack(long low, long usable)
    {
        _low = low;
        _usable = usable;
        _isGrown = true;
    }

    /// <summary>Lowest address for the stack pointer in machine code, or 0 if unknown.</summary>
    public nint Limit => _low == 0 ? 0 : (nint)_low + Reserve;

    /// <summary>Page faults of the stack's thread.</summary>
    internal ThreadFaults Faults { get; } = new();

    /// <summary>
    /// The calling thread's stack. The first call on a thread asks the system, which takes about 1 µs on threads made by .NET, and 100 µs on the
    /// process's first thread, whose stack is looked up in a file; a stack stays in its place.
    /// </summary>
    public static NativeStack OfThread() => DeepThread.StackOfThread ??= new NativeStack(FindLow());

    /// <summary>Commits stack below the caller's frame, in addition to the host's reserve.</summary>
    /// <param name="bytes">Minimum number of bytes.</param>
    /// <exception cref="OutOfMemoryException">The system has no memory.</exception>
    /// <exception cref="InsufficientExecutionStackException">The thread's stack is too small.</exception>
    // Sound: the local's address is compared, never dereferenced.
    [MethodImpl(MethodImplOptions.NoInlining)]
    public unsafe void Need(int bytes)
    {
        byte here;
        long wanted = (long)&here - bytes - Reserve;
        if (!_isGrown)
        {
            RuntimeHelpers.EnsureSufficientExecutionStack();
        }
        else if (wanted < _usable)
        {
            Grow(wanted & -Chunk);
        }
    }

    /// <summary>Returns the pages well below the caller's frame to the system if any of them was used since the last call.</summary>
    // Sound: the local's address is only compared, and nothing below the stack pointer is live, except within the margin.
    [MethodImpl(MethodImplOptions.NoInlining)]
    public unsafe void GiveBack()
    {
        byte here;
        byte resident = 0;
        long end = ((long)&here - Margin) & -LinuxStackMemory.PageSize;
        if (_low == 0 || end - LinuxStackMemory.PageSize <= _low)
        {
            return;
        }

        // Sound: nothing below the stack pointer is live, except within the margin.
        long kept = (end - Kept) & -Chunk;
        if (_isGrown && _usable < kept && LinuxStackMemory.Retract(_usable, kept))
        {
            _usable = kept;
        }

        if (LinuxStackMemory.IsResident(end - LinuxStackMemory.PageSize, ref resident))
        {
            LinuxStackMemory.Discard(_isGrown ? _usable : _low, end);
        }
    }

    private static long FindLow() => OperatingSystem.IsLinux() ? LinuxStackMemory.LowestOfThread(2 * Reserve) : 0;

    private void Grow(long lowest)
    {
        if (lowest < _low)
        {
            throw new InsufficientExecutionStackException("the stack of the thread is too small for the calls of this message");
        }

        if (!LinuxStackMemory.MakeUsable(lowest, _usable))
        {
            throw new OutOfMemoryException($"no memory for the stack of a message whose calls nest deeply: {(_usable - lowest) >> 10} KiB more");
        }

        _usable = lowest;
    }
}
