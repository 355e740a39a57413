namespace Fvm.Wasm.Fuzz;

/// <summary>The fuzzing command.</summary>
internal static class FuzzCommand
{
    /// <summary>The exit code for a find.</summary>
    public const int Found = 1;

    private const int Unusable = 2;

    /// <returns>The exit code.</returns>
    public static int Run(FuzzOptions options, TextWriter output)
    {
        if (!CompilerEngine.IsSupported)
        {
            output.WriteLine("machine code cannot be made here: there is nothing to compare");
            return Unusable;
        }

        if (options.Module is string file)
        {
            return RunModule(File.ReadAllBytes(file), options.FirstSeed, output);
        }

        return options.ProgressFile is null ? new FuzzSupervisor(options, output).Run() : new FuzzWorker(options, output).Run();
    }

    private static int RunModule(byte[] module, ulong seed, TextWriter output)
    {
        using InterpreterEngine interpreter = new();
        using CompilerEngine compiler = new();
        string? difference = new EngineFuzzer(interpreter, compiler).Compare(module, seed);
        output.WriteLine(difference ?? "the engines agree");
        return difference is null ? 0 : Found;
    }
}
