using System.CommandLine;
using Fvm.Diff;
using Fvm.Files;
using Fvm.Vectors;

namespace Fvm.Cli;

/// <summary>Arguments and options that the commands on vectors share.</summary>
internal static class VectorArguments
{
    public static Argument<string> File() => new("VECTOR") { Description = "VECTOR.json, or SET.ndjson.gz#ID: one vector of a set" };

    public static Option<string> Out() => new("--out") { Description = "The vector to write", HelpName = "VECTOR.json", Required = true };

    public static Option<int> Timeout() => ReplayOptions.PositiveNumber("--timeout", "Seconds that a command may take per vector", 120, 86_400);

    /// <summary>The one vector that an argument names.</summary>
    /// <exception cref="InputException">It names none or several, or the vector cannot be read.</exception>
    public static Vector Read(string argument)
    {
        VectorOrError[] found = [.. VectorFiles.Read([argument]).Take(2)];
        return found switch
        {
            [{ Vector: Vector vector }] => vector,
            [{ Error: string error }, ..] => throw new InputException(error),
            _ => throw new InputException($"{argument}: has several vectors; name one by {argument}#ID"),
        };
    }

    /// <summary>How to run vectors with results that can be recorded.</summary>
    public static ReplaySettings Settings(ParseResult parsed, Option<string?> bundles, Option<string> engine) => new()
    {
        BundleDirectory = BundleDirectory.Find(parsed.GetValue(bundles)),
        Engine = parsed.GetValue(engine)!,
        Maker = EngineChoice.MakerOf(parsed.GetValue(engine)!),
        KeepTraces = true,
        ForceTracing = true,
    };

    /// <summary>The limits of a side's command.</summary>
    public static CommandOptions Limits(ParseResult parsed, Option<string?> bundles, Option<int> timeout) => new()
    {
        BundleDirectory = BundleDirectory.Find(parsed.GetValue(bundles)),
        TimePerVector = TimeSpan.FromSeconds(parsed.GetValue(timeout)),
    };

    /// <summary>Writes a vector with the results that it expects.</summary>
    public static void Write(string path, Vector vector) => AtomicFile.Write(path, file => VectorWriter.WriteExpected(file, vector));

    /// <summary>The blocks of a vector's state: their number and bytes.</summary>
    public static (int Blocks, long Bytes) SizeOf(Vector vector)
    {
        IReadOnlyCollection<byte[]> blocks = [.. CarBlocks.Read(vector.Car, "car").Blocks.Values];
        return (blocks.Count, blocks.Sum(static block => (long)block.Length));
    }

    /// <summary>The results of a vector with one variant on this machine, as the expected ones.</summary>
    /// <returns>Null if the machine does not get to a state root.</returns>
    public static Vector? Complete(Vector vector, VectorResult result) => result is { Reason: null, StateRoot: string root }
        ? RecordedResults.With(vector, result.Outcomes, root)
        : null;
}
