namespace Fvm.Wasm;

/// <summary>A funcref in a table or slot: 0 is null, otherwise the function's index plus one in the low half.</summary>
internal static class FunctionReference
{
    public const ulong Null = 0;

    /// <summary>
    /// Marks, in the interpreter, a reference that a global's initialiser made: calls through it are not metered as entries through a thunk.
    /// The compiler adds the number of functions instead, so that its references are indices.
    /// </summary>
    public const ulong Direct = 1UL << 32;

    /// <param name="function">The function's index, or <see cref="ElementSegment.Null"/>, which is -1.</param>
    public static ulong Of(int function) => (uint)(function + 1);
}
