namespace Fvm.Wasm;

/// <summary>
/// What compiling may cost, by the bytes of a module's function bodies, however they were built: a module is no compiler bomb. Code size and
/// memory hold exactly; time is what a processor of today needs, with a wide margin.
/// </summary>
internal static class CompilerBounds
{
    /// <summary>Bytes of machine code a byte of Wasm.</summary>
    public const int Expansion = 40;

    /// <summary>Bytes of machine code a function besides: entry and exit, and what is rounded up.</summary>
    public const int CodePerFunction = 1024;

    /// <summary>Bytes of working memory a byte of the largest function, for its code, its operand stack, its blocks and its branches.</summary>
    public const int MemoryPerByte = 100;

    /// <summary>Bytes of working memory besides: a function may have 50,000 locals.</summary>
    public const int MemoryBase = 8 << 20;

    /// <summary>Nanoseconds a byte of Wasm.</summary>
    public const int TimePerByte = 500;

    /// <summary>Nanoseconds a function besides.</summary>
    public const int TimePerFunction = 20_000;

    /// <summary>Nanoseconds besides.</summary>
    public const int TimeBase = 20_000_000;

    /// <summary>The most bytes of machine code, stubs apart, that functions become.</summary>
    /// <param name="bytes">Bytes of their bodies.</param>
    /// <param name="functions">Their number.</param>
    public static long MachineCode(long bytes, int functions) => (Expansion * bytes) + ((long)CodePerFunction * functions);

    /// <summary>The most bytes of memory that compiling takes besides the code that it makes, given back with the code.</summary>
    /// <param name="largest">Bytes of the largest body.</param>
    public static long WorkingMemory(int largest) => MemoryBase + ((long)MemoryPerByte * largest);

    /// <summary>The most nanoseconds of one processor that compiling takes.</summary>
    /// <param name="bytes">Bytes of the bodies.</param>
    /// <param name="functions">Their number.</param>
    public static long Nanoseconds(long bytes, int functions) => TimeBase + (TimePerByte * bytes) + ((long)TimePerFunction * functions);
}
