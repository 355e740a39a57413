namespace Fvm.Wasm;

/// <summary>Compiles one function at a time. Not thread-safe.</summary>
internal interface IFunctionCompiler : IDisposable
{
    /// <summary>Unmanaged memory retained for further functions, in bytes.</summary>
    long WorkingMemory { get; }

    /// <summary>Compiles a defined function.</summary>
    /// <param name="function">Index of the function in the module's index space.</param>
    /// <param name="counted">Whether its frame counts towards the stack limit.</param>
    /// <param name="places">Receives the position of each instruction's code; null if not wanted.</param>
    /// <returns>The code, valid until the next call.</returns>
    IMachineCode Compile(int function, bool counted, List<InstructionPlace>? places = null);
}
