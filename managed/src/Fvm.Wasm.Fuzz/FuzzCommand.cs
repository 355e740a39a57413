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

        try
        {
            new FuzzReferences(options.Against).Dispose();
        }
        catch (EngineUnavailableException e)
        {
            output.WriteLine(e.Message);
            return Unusable;
        }

        if (options.Module is string file)
        {
            return RunModule(File.ReadAllBytes(file), options, output);
        }

        return options.ProgressFile is null ? new FuzzSupervisor(options, output).Run() : new FuzzWorker(options, output).Run();
    }

    private static int RunModule(byte[] module, FuzzOptions options, TextWriter output)
    {
        using CompilerEngine compiler = new();
        using FuzzReferences references = new(options.Against);
        string? difference = new EngineFuzzer(compiler, references.Engines).Compare(module, options.FirstSeed);
        output.WriteLine(difference ?? "the engines agree");
        return difference is null ? 0 : Found;
    }
}
