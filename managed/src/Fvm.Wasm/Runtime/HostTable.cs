namespace Fvm.Wasm;

/// <summary>A function that the host offers to modules.</summary>
/// <param name="Module">The import's module name.</param>
/// <param name="Name">The import's field name.</param>
/// <param name="Type">Its signature.</param>
public sealed record HostFunction(string Module, string Name, FunctionType Type);

/// <summary>
/// What a host offers to instances: its functions in order and the one gate through which all of them are entered. The gate gets the
/// instance, the function's index in <see cref="Functions"/>, and a slot of 8 bytes an argument, the first of which takes the result
/// (i32 and f32 in the low half; the upper half is ignored by engines on return). It returns <see cref="TrapCode.None"/> to go on, and
/// anything else to unwind. The gate never lets an exception pass.
/// </summary>
public sealed unsafe class HostTable
{
    public HostTable(
        IReadOnlyList<HostFunction> functions,
        delegate*<InstanceContext*, int, ulong*, TrapCode> entry,
        delegate* unmanaged<InstanceContext*, int, ulong*, int> unmanagedEntry)
    {
        Functions = functions;
        Entry = entry;
        UnmanagedEntry = unmanagedEntry;
    }

    /// <summary>The functions, in the order of the indices that the gate gets.</summary>
    public IReadOnlyList<HostFunction> Functions { get; }

    /// <summary>The gate for engines that run as managed code.</summary>
    public delegate*<InstanceContext*, int, ulong*, TrapCode> Entry { get; }

    /// <summary>The same gate for machine code.</summary>
    public delegate* unmanaged<InstanceContext*, int, ulong*, int> UnmanagedEntry { get; }
}
