namespace Fvm.Wasm;

/// <summary>
/// A funcref in a slot: 0 is null, else the function's index plus one in the low half. A reference that a global's initialiser makes is
/// marked as direct: calls through it are not metered as entries through a thunk.
/// </summary>
internal static class FunctionReference
{
    public const ulong Null = 0;

    public const ulong Direct = 1UL << 32;

    public static ulong Of(int function) => (uint)(function + 1);
}
