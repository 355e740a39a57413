namespace Fvm.Wasm;

/// <summary>A function that the host offers to modules.</summary>
/// <param name="Module">The import's module name.</param>
/// <param name="Name">The import's field name.</param>
/// <param name="Type">Its signature.</param>
public sealed record HostFunction(string Module, string Name, FunctionType Type);

/// <summary>
/// The host functions for instances, in order, and their single entry, the gate. Its arguments are the instance, the function's index in
/// <see cref="Functions"/>, and one slot of 8 bytes per argument, the first of which takes the result (i32 and f32 in the low half;
/// engines ignore the upper half on return). It returns <see cref="TrapCode.None"/> to continue, and any other code to unwind. No
/// exception leaves the gate.
/// </summary>
// Sound: the pointers are to static methods of these signatures, which stay valid for the life of the process.
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

    /// <summary>The functions, by the gate's index.</summary>
    public IReadOnlyList<HostFunction> Functions { get; }

    /// <summary>The gate for engines that run as managed code.</summary>
    public delegate*<InstanceContext*, int, ulong*, TrapCode> Entry { get; }

    /// <summary>The same gate for machine code.</summary>
    public delegate* unmanaged<InstanceContext*, int, ulong*, int> UnmanagedEntry { get; }
}
