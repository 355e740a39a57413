namespace Fvm.Wasm;

/// <summary>
/// Upper bounds on the cost of compilation, linear in the size of a module's function bodies even if they are hostile: no module is a
/// compiler bomb. The bounds on code size and memory are strict; those on time hold with a wide margin on current processors.
/// </summary>
internal static class CompilerBounds
{
    /// <summary>Machine-code bytes per byte of Wasm.</summary>
    public const int Expansion = 40;

    /// <summary>Extra machine-code bytes per function: prologue, epilogue, alignment.</summary>
    public const int CodePerFunction = 1024;

    /// <summary>Bytes of working memory per byte of the largest function: code, operand stack, blocks, branches.</summary>
    public const int MemoryPerByte = 100;

    /// <summary>Fixed bytes of working memory: a function may have 50,000 locals.</summary>
    public const int MemoryBase = 8 << 20;

    /// <summary>Nanoseconds per byte of Wasm.</summary>
    public const int TimePerByte = 500;

    /// <summary>Extra nanoseconds per function.</summary>
    public const int TimePerFunction = 20_000;

    /// <summary>Fixed overhead in nanoseconds.</summary>
    public const int TimeBase = 20_000_000;

    /// <summary>Maximum bytes of machine code, without stubs.</summary>
    /// <param name="bytes">Total size of the function bodies, in bytes.</param>
    /// <param name="functions">Number of functions.</param>
    public static long MachineCode(long bytes, int functions) => (Expansion * bytes) + ((long)CodePerFunction * functions);

    /// <summary>Maximum working memory of the compiler in bytes, without the generated code; freed together with the code.</summary>
    /// <param name="largest">Size of the largest body, in bytes.</param>
    public static long WorkingMemory(int largest) => MemoryBase + ((long)MemoryPerByte * largest);

    /// <summary>Maximum compilation time, in nanoseconds of one processor core.</summary>
    /// <param name="bytes">Total size of the function bodies, in bytes.</param>
    /// <param name="functions">Number of functions.</param>
    public static long Nanoseconds(long bytes, int functions) => TimeBase + (TimePerByte * bytes) + ((long)TimePerFunction * functions);
}
