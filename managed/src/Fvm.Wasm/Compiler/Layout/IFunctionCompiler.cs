namespace Fvm.Wasm;

/// <summary>Makes machine code of one function at a time. Not for use by several threads at once.</summary>
internal interface IFunctionCompiler : IDisposable
{
    /// <summary>Bytes of unmanaged memory kept for further functions.</summary>
    long WorkingMemory { get; }

    /// <summary>Compiles a defined function.</summary>
    /// <param name="function">Its index in the module's index space.</param>
    /// <param name="counted">Whether it counts on the limited stack.</param>
    /// <param name="places">Takes, where it is wanted, the place of each instruction's code.</param>
    /// <returns>The code, which is good until the next call.</returns>
    IMachineCode Compile(int function, bool counted, List<InstructionPlace>? places = null);
}
