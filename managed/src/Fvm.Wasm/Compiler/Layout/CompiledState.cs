using System.Runtime.InteropServices;

namespace Fvm.Wasm;

/// <summary>The engine's state of a compiled instance, at <see cref="InstanceContext.EngineState"/>.</summary>
[StructLayout(LayoutKind.Explicit)]
internal struct CompiledState
{
    /// <summary>Offset of <see cref="SavedStackPointer"/> in bytes, for stubs.</summary>
    public const int StackPointerOffset = 0;

    /// <summary>Offset of <see cref="ImportMap"/> in bytes, for stubs.</summary>
    public const int ImportMapOffset = 8;

    /// <summary>The stack pointer of the entry frame, to which traps unwind.</summary>
    [FieldOffset(StackPointerOffset)] public nint SavedStackPointer;

    /// <summary>Per imported function, the host function's number.</summary>
    // Sound: one number per imported function, in one block with the context.
    [FieldOffset(ImportMapOffset)] public unsafe int* ImportMap;

    /// <summary>A GC handle of the <see cref="PooledInstance"/>.</summary>
    [FieldOffset(16)] public nint Instance;
}
