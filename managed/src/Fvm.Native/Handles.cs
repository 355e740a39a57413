using System.Collections.Concurrent;

namespace Fvm.Native;

/// <summary>
/// The machines that callers hold. A handle is an address in reserved memory that nobody can read, so that a wrong use of it shows, and
/// that is given out again only after millions of others, so that a machine that was dropped is not mistaken for a newer one.
/// </summary>
internal sealed class Handles(AddressRange addresses)
{
    private readonly ConcurrentDictionary<nint, NativeMachine> _machines = new();
    private long _next;

    /// <summary>How many machines there are.</summary>
    public int Count => _machines.Count;

    /// <summary>Gives a machine its handle.</summary>
    public nint Add(NativeMachine machine)
    {
        while (true)
        {
            nint handle = addresses[Interlocked.Increment(ref _next)];
            if (_machines.TryAdd(handle, machine))
            {
                return handle;
            }
        }
    }

    /// <exception cref="CallerException">NULL, or no machine, or one that was dropped.</exception>
    public NativeMachine Get(nint handle)
    {
        if (handle == 0)
        {
            throw new CallerException("the machine is NULL");
        }

        return _machines.TryGetValue(handle, out NativeMachine? machine)
            ? machine
            : throw new CallerException("there is no such machine: it was dropped, or never made");
    }

    /// <summary>Takes a machine out; null when there is none of that handle.</summary>
    public NativeMachine? Remove(nint handle) => _machines.TryRemove(handle, out NativeMachine? machine) ? machine : null;
}
