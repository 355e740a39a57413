using System.Runtime.InteropServices;

namespace Fvm.Wasm;

/// <summary>Offsets of the fields of <see cref="InstanceContext"/> in bytes: both field offset and machine-code displacement.</summary>
internal static class ContextOffset
{
    public const int GasLeft = 0;
    public const int MemoryBase = 8;
    public const int MemoryLength = 16;
    public const int StackHeight = 24;
    public const int StackLimit = 28;
    public const int HostState = 32;
    public const int Globals = 40;
    public const int EngineState = 48;
    public const int Table = 56;
    public const int TableLength = 64;
    public const int HostStackLimit = 72;
    public const int HostEntry = 80;
    public const int FrameBytes = 88;
    public const int IsStopped = 92;
    public const int Size = 128;
}

/// <summary>
/// The state of one running instance shared by engine and host, in unmanaged memory at a fixed address for the instance's lifetime.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = ContextOffset.Size)]
public struct InstanceContext
{
    /// <summary>Remaining milligas. Negative after a metered block that exceeded it.</summary>
    [FieldOffset(ContextOffset.GasLeft)] public long GasLeft;

    /// <summary>First byte of the linear memory; null if the module has none. May change at growth.</summary>
    // Sound: MemoryLength bytes are accessible from here; engines set both together.
    [FieldOffset(ContextOffset.MemoryBase)] public unsafe byte* MemoryBase;

    /// <summary>Current length of the linear memory in bytes, a multiple of 65,536.</summary>
    [FieldOffset(ContextOffset.MemoryLength)] public ulong MemoryLength;

    /// <summary>Height of the Wasm stack by the limiter's count, over all active frames of this instance.</summary>
    [FieldOffset(ContextOffset.StackHeight)] public int StackHeight;

    /// <summary>Maximum stack height: a call above it traps.</summary>
    [FieldOffset(ContextOffset.StackLimit)] public int StackLimit;

    /// <summary>An opaque handle of the host (for .NET: a GCHandle), never dereferenced by engines.</summary>
    [FieldOffset(ContextOffset.HostState)] public nint HostState;

    /// <summary>Mutable and immutable globals, 8 bytes each, in the order of the module's index space.</summary>
    // Sound: engines allocate 8 bytes per global of the module, in one block with the context.
    [FieldOffset(ContextOffset.Globals)] public unsafe ulong* Globals;

    /// <summary>An engine's own pointer or handle.</summary>
    [FieldOffset(ContextOffset.EngineState)] public nint EngineState;

    /// <summary>An engine's own representation of the table's elements.</summary>
    [FieldOffset(ContextOffset.Table)] public nint Table;

    /// <summary>Number of elements in the table.</summary>
    [FieldOffset(ContextOffset.TableLength)] public uint TableLength;

    /// <summary>Lowest address for the stack pointer in machine code.</summary>
    [FieldOffset(ContextOffset.HostStackLimit)] public nint HostStackLimit;

    /// <summary>Entry for calls of host functions from machine code (<see cref="HostTable.UnmanagedEntry"/>).</summary>
    [FieldOffset(ContextOffset.HostEntry)] public nint HostEntry;

    /// <summary>
    /// Bytes of the reference's machine stack in the active frames of this instance, where frames are counted
    /// (<see cref="ModuleMetering.CountsFrames"/>).
    /// </summary>
    [FieldOffset(ContextOffset.FrameBytes)] public int FrameBytes;

    /// <summary>Not 0 if the instance is to end its calls (<see cref="IWasmInstance.Stop"/>); set by any thread.</summary>
    [FieldOffset(ContextOffset.IsStopped)] public int IsStopped;
}
