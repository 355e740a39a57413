namespace Fvm.Wasm;

/// <summary>A funcref in a table or slot: 0 is null, otherwise the function's index plus one in the low half.</summary>
internal static class FunctionReference
{
    public const ulong Null = 0;

    /// <summary>
    /// In the interpreter, marks a reference made by a global's initialiser: calls through it bypass the thunk's metering. The compiler
    /// adds the number of functions instead, so that its references are indices.
    /// </summary>
    public const ulong Direct = 1UL << 32;

    /// <param name="function">The function's index, or <see cref="ElementSegment.Null"/>, which is -1.</param>
    public static ulong Of(int function) => (uint)(function + 1);
}
