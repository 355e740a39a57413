using System.Collections.Concurrent;
using Fvm.Hosting;

namespace Fvm.Native;

/// <summary>
/// Handles of the callers' machines. A handle is an address in reserved, inaccessible memory, so that its misuse faults; it is reused only
/// after millions of others, so that a stale handle is not mistaken for a newer machine.
/// </summary>
internal sealed class Handles(AddressRange addresses)
{
    private readonly ConcurrentDictionary<nint, NativeMachine> _machines = new();
    private long _next;

    /// <summary>The number of machines.</summary>
    public int Count => _machines.Count;

    /// <summary>Registers a machine and returns its handle.</summary>
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

    /// <exception cref="CallerException">The handle is NULL, invalid, or of a dropped machine.</exception>
    public NativeMachine Get(nint handle)
    {
        if (handle == 0)
        {
            throw new CallerException("the machine is NULL");
        }

        return _machines.TryGetValue(handle, out NativeMachine? machine)
            ? machine
            : throw new CallerException("no such machine: it was dropped or never created");
    }

    /// <summary>Unregisters a machine; null if the handle has none.</summary>
    public NativeMachine? Remove(nint handle) => _machines.TryRemove(handle, out NativeMachine? machine) ? machine : null;
}
