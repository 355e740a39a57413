using System.Runtime.InteropServices;
using Fvm.Wasm.Compiler.X64;
using Fvm.Wasm.Runtime;

namespace Fvm.Wasm.Compiler.Layout;

/// <summary>What <see cref="InstanceContext.EngineState"/> points to in a compiled instance.</summary>
[StructLayout(LayoutKind.Explicit)]
internal unsafe struct CompiledState
{
    /// <summary>The stack pointer of the entry frame, to which traps return.</summary>
    [FieldOffset(Stubs.SavedStackPointer)] public nint SavedStackPointer;

    /// <summary>For each imported function the host's number of it.</summary>
    [FieldOffset(Stubs.ImportMap)] public int* ImportMap;

    /// <summary>A handle of the <see cref="Instances.InstanceBody"/>.</summary>
    [FieldOffset(16)] public nint Body;
}
