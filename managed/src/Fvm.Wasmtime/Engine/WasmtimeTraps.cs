using Fvm.Wasm;

namespace Fvm.Wasmtime;

/// <summary>The traps of wasmtime/trap.h, by number.</summary>
internal static class WasmtimeTraps
{
    /// <summary>What host functions unwind with: no code of a module traps so.</summary>
    public const byte Interrupt = 10;

    public static TrapCode Of(byte code) => code switch
    {
        0 => TrapCode.HostStackOverflow,
        1 => TrapCode.MemoryOutOfBounds,
        3 => TrapCode.TableOutOfBounds,
        4 => TrapCode.IndirectCallToNull,
        5 => TrapCode.BadSignature,
        6 => TrapCode.IntegerOverflow,
        7 => TrapCode.IntegerDivisionByZero,
        8 => TrapCode.BadConversionToInteger,
        9 => TrapCode.Unreachable,
        _ => throw new InvalidOperationException($"Wasmtime: trap {code} of a feature that is off"),
    };
}
