namespace Fvm.Wasm.Tests;

/// <summary>The suite's trap messages.</summary>
internal static class SpecTraps
{
    public static TrapCode Of(string text) => text switch
    {
        "unreachable" => TrapCode.Unreachable,
        "out of bounds memory access" => TrapCode.MemoryOutOfBounds,
        "undefined element" or "undefined" => TrapCode.TableOutOfBounds,
        "uninitialized element" or "uninitialized" => TrapCode.IndirectCallToNull,
        "indirect call type mismatch" or "indirect call" => TrapCode.BadSignature,
        "integer overflow" => TrapCode.IntegerOverflow,
        "integer divide by zero" => TrapCode.IntegerDivisionByZero,
        "invalid conversion to integer" => TrapCode.BadConversionToInteger,
        "call stack exhausted" => TrapCode.HostStackOverflow,

        // The suite does not distinguish the two traps, so either is accepted.
        "out of bounds" => TrapCode.MemoryOutOfBounds,
        _ => throw new InvalidOperationException($"unknown trap '{text}'"),
    };

    public static bool Same(TrapCode expected, TrapCode actual) =>
        actual == expected || (expected == TrapCode.MemoryOutOfBounds && actual == TrapCode.TableOutOfBounds);
}
