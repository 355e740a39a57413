using System.Runtime.InteropServices;
using Fvm.Wasm;

namespace Fvm.Wasmtime;

/// <summary><c>wasmtime_func_t</c>.</summary>
internal struct FunctionHandle
{
    public ulong Store;
    public nint Item;
}

/// <summary><c>wasmtime_global_t</c>.</summary>
internal struct GlobalHandle
{
    public ulong Store;
    public uint First;
    public uint Second;
    public uint Third;
}

/// <summary><c>wasmtime_memory_t</c>: its first two fields are a structure of their own, padded to 16 bytes.</summary>
[StructLayout(LayoutKind.Explicit, Size = 24)]
internal struct MemoryHandle
{
    [FieldOffset(0)] public ulong Store;
    [FieldOffset(8)] public uint First;
    [FieldOffset(16)] public uint Second;
}

/// <summary><c>wasmtime_instance_t</c>.</summary>
internal struct InstanceHandle
{
    public ulong Store;
    public nuint Item;
}

/// <summary><c>wasmtime_extern_t</c>: one of the handles, by kind.</summary>
[StructLayout(LayoutKind.Explicit, Size = 32)]
internal struct ExternHandle
{
    [FieldOffset(0)] public byte Kind;
    [FieldOffset(8)] public FunctionHandle Function;
    [FieldOffset(8)] public GlobalHandle Global;
    [FieldOffset(8)] public MemoryHandle Memory;
}

/// <summary><c>wasmtime_val_t</c> of a number.</summary>
[StructLayout(LayoutKind.Explicit, Size = 32)]
internal struct Value
{
    [FieldOffset(0)] public byte Kind;
    [FieldOffset(8)] public ulong Bits;
}

/// <summary><c>wasmtime_val_raw_t</c>: a value without its kind, in as much room as the largest one takes.</summary>
[StructLayout(LayoutKind.Explicit, Size = 16)]
internal struct RawValue
{
    [FieldOffset(0)] public ulong Bits;
}

/// <summary>A vector of wasm.h: a count and the address of the elements.</summary>
internal struct Vector
{
    public nuint Size;
    public nint Data;
}

/// <summary>The numbers of value types in wasm.h and, for numbers, in wasmtime/val.h.</summary>
internal static class Kinds
{
    public const byte I32 = 0;
    public const byte I64 = 1;

    private const byte F32 = 2;
    private const byte F64 = 3;
    private const byte FuncRef = 129;

    public static byte Of(ValueKind kind) => kind switch
    {
        ValueKind.I32 => I32,
        ValueKind.I64 => I64,
        ValueKind.F32 => F32,
        ValueKind.F64 => F64,
        _ => FuncRef,
    };
}
