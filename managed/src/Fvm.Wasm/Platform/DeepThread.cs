using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace Fvm.Wasm;

/// <summary>
/// A thread with a stack for the deepest possible message. On Linux the address range is reserved without committed memory, so that
/// hundreds of such threads fit under strict commit accounting, and committed as calls nest (<see cref="NativeStack.Need"/>). Elsewhere it
/// is a thread with a stack of <see cref="PlainBytes"/>.
/// </summary>
public sealed class DeepThread
{
    // Needed at the top by pthread_create, the runtime and the first frames of a message.
    private const long UsableAtStart = 4 << 20;

    // Size of the inaccessible guard area at the lowest end, where a stack overflow faults.
    private const long Guard = 64 << 10;

    private const int PlainBytes = 256 << 20;

    private static readonly ThreadLocal<NativeStack?> Own = new();

    private readonly Action _work;
    private readonly Thread? _plain;
    private readonly long _start;
    private readonly long _bytes;
    private readonly nint _thread;
    private readonly GCHandle _self;
    private Exception? _failure;

    // Sound: only takes the address of a static method; the handle passed to it is freed after the thread has ended.
    private unsafe DeepThread(Action work, long bytes, string name)
    {
        _work = work;
        if (!OperatingSystem.IsLinux())
        {
            _plain = new Thread(Run, PlainBytes) { IsBackground = true, Name = name };
            _plain.Start();
            return;
        }

        _bytes = bytes;
        _start = LinuxStackMemory.Reserve(bytes);
        if (_start == 0)
        {
            throw Refused(bytes, "addresses");
        }

        _self = GCHandle.Alloc(this);
        bool started = LinuxStackMemory.MakeUsable(_start + bytes - UsableAtStart, _start + bytes)
            && LinuxStackMemory.Start(_start, bytes, &Enter, GCHandle.ToIntPtr(_self), out _thread) == 0;
        if (!started)
        {
            _self.Free();
            LinuxStackMemory.Free(_start, bytes);
            throw Refused(bytes, "memory or threads");
        }
    }

    /// <summary>The stack of the calling thread if it is a <see cref="DeepThread"/>, or once it is known; null otherwise.</summary>
    internal static NativeStack? StackOfThread
    {
        get => Own.Value;
        set => Own.Value = value;
    }

    /// <summary>Starts a thread.</summary>
    /// <param name="work">The thread's work; <see cref="Join"/> rethrows its exception.</param>
    /// <param name="bytes">Size of the stack's address range in bytes, a multiple of the page size.</param>
    /// <param name="name">The thread's name, where the system supports names.</param>
    /// <exception cref="OutOfMemoryException">The system has no addresses, memory or threads left.</exception>
    public static DeepThread Start(Action work, long bytes, string name) => new(work, bytes, name);

    /// <summary>Waits for the thread's end and frees its stack. To be called once.</summary>
    public void Join()
    {
        if (_plain is not null)
        {
            _plain.Join();
        }
        else
        {
            LinuxStackMemory.Join(_thread);
            _self.Free();
            LinuxStackMemory.Free(_start, _bytes);
        }

        if (_failure is not null)
        {
            ExceptionDispatchInfo.Throw(_failure);
        }
    }

    private static OutOfMemoryException Refused(long bytes, string what) => new(
        $"no thread for messages: it needs {bytes >> 20} MiB of addresses for its stack, of which only what is used takes memory, and the system "
        + $"has no {what} left (see ulimit -v and ulimit -u)");

    [UnmanagedCallersOnly]
    private static nint Enter(nint self)
    {
        ((DeepThread)GCHandle.FromIntPtr(self).Target!).RunOnOwnStack();
        return 0;
    }

    private void RunOnOwnStack()
    {
        try
        {
            Own.Value = new NativeStack(_start + Guard, _start + _bytes - UsableAtStart);
            _work();
        }
        catch (Exception e)
        {
            _failure = e;
        }
    }

    private void Run()
    {
        try
        {
            _work();
        }
        catch (Exception e)
        {
            _failure = e;
        }
    }
}
