namespace Fvm.Wasm;

/// <summary>Instructions implemented by the runtime.</summary>
internal sealed partial class PooledInstance
{
    /// <summary>Data and element segments, with their dropped flags.</summary>
    public InstanceSegments Segments { get; }

    /// <summary>Writes active segments and runs the start function, as <see cref="IWasmInstance.Initialize"/> does.</summary>
    // Sound: only passes the context on.
    public unsafe TrapCode Initialize()
    {
        _memory?.Enter();
        TrapCode trap = Segments.Initialize(_context, isWritten: _image is not null);
        if (trap != TrapCode.None) return trap;

        int start = Code.Module.StartFunction;
        return start < 0 ? TrapCode.None : Call(start, stackalloc ulong[1]);
    }

    /// <summary>Grows the memory by <paramref name="delta"/> pages. Returns the old size in pages, or -1 as an i32.</summary>
    // Sound: only passes the context on.
    public unsafe ulong GrowMemory(uint delta) => _linked.Resources.GrowMemory(_context, _limiter, _memory, delta);

    /// <summary>Grows the table by <paramref name="delta"/> copies of a reference. Returns the old size, or -1 as an i32.</summary>
    // Sound: only passes the context on.
    public unsafe ulong GrowTable(ulong value, uint delta) => _linked.Resources.GrowTable(_context, _limiter, value, delta);
}
