using System.Runtime.InteropServices;

namespace Fvm.Wasm;

/// <summary>What <see cref="InstanceContext.EngineState"/> points to in a compiled instance.</summary>
[StructLayout(LayoutKind.Explicit)]
internal struct CompiledState
{
    /// <summary>Distance of <see cref="SavedStackPointer"/> in bytes, as stubs use it.</summary>
    public const int StackPointerOffset = 0;

    /// <summary>Distance of <see cref="ImportMap"/> in bytes, as stubs use it.</summary>
    public const int ImportMapOffset = 8;

    /// <summary>The stack pointer of the entry frame, to which traps return.</summary>
    [FieldOffset(StackPointerOffset)] public nint SavedStackPointer;

    /// <summary>For each imported function the host's number of it.</summary>
    // Sound: one number per imported function, in one block with the context.
    [FieldOffset(ImportMapOffset)] public unsafe int* ImportMap;

    /// <summary>A handle of the <see cref="PooledInstance"/>.</summary>
    [FieldOffset(16)] public nint Body;
}
