using Fvm.Wasm;

namespace Fvm.Wasmtime;

/// <summary>What a call of an imported function needs, at a fixed address.</summary>
// Sound: the pointers are valid while the linked code is: to the library's functions, to a static method, and into the same block.
internal unsafe struct ImportEntry
{
    public WasmtimeFunctions* Functions;
    public delegate*<InstanceContext*, int, ulong*, TrapCode> Gate;

    /// <summary>The types of the parameters, by <see cref="ValueKind"/>.</summary>
    public byte* Parameters;
    public int ParameterCount;
    public int HostIndex;
    public ValueKind Result;
}
