using System.Runtime.CompilerServices;

namespace Fvm.Wasm;

/// <summary>
/// The stack of a thread that runs actors. That of a <see cref="DeepThread"/> is reserved for the deepest message that there can be and
/// made usable piece by piece, ahead of what is about to run; any other thread's is what it is.
/// </summary>
public sealed unsafe partial class NativeStack
{
    /// <summary>
    /// Bytes that compiled code of one instance may use, as in the reference. An instance that needs more traps; so no other bound of the
    /// stack may come first.
    /// </summary>
    public const int PerInstance = 4 << 20;

    /// <summary>Bytes that the host needs between two nested calls, with a wide margin: 30 KiB were measured.</summary>
    public const int PerCall = 256 << 10;

    // What the host needs below machine code: a syscall's frames, and those of the runtime when it collects garbage or handles a signal.
    private const int Reserve = 256 << 10;

    // Pages become usable so many bytes at a time.
    private const long Chunk = 256 << 10;

    // What a thread keeps usable between messages: an ordinary message needs no more.
    private const long Kept = 8 << 20;

    // What is left alone below the caller's frame when the rest is given back: what an ordinary message uses.
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

    /// <summary>The lowest address that machine code may move the stack pointer to, or 0 where the system does not tell.</summary>
    public nint Limit => _low == 0 ? 0 : (nint)_low + Reserve;

    /// <summary>The calling thread's. About a microsecond on threads that .NET made; slow on the process's first thread.</summary>
    public static NativeStack OfThread() => DeepThread.StackOfThread ?? new NativeStack(FindLow());

    /// <summary>Makes stack below the caller's frame usable, besides what the host needs at any time.</summary>
    /// <param name="bytes">How much at least.</param>
    /// <exception cref="OutOfMemoryException">The system has no memory for it.</exception>
    /// <exception cref="InsufficientExecutionStackException">The thread's stack has no more.</exception>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Need(int bytes)
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

    /// <summary>Gives back what lies well below the caller's frame, if any of it was used since the last time.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void GiveBack()
    {
        byte here;
        byte resident = 0;
        long end = ((long)&here - Margin) & -LinuxStackMemory.PageSize;
        if (_low == 0 || end - LinuxStackMemory.PageSize <= _low)
        {
            return;
        }

        // Sound: nothing below the stack pointer is alive, but for what lies within the margin.
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
