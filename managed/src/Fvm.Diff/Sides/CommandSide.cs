using System.IO.Compression;
using Fvm.Files;
using Fvm.Ipld;
using Fvm.Vectors;

namespace Fvm.Diff;

/// <summary>
/// A command with the form <c>PROGRAM run --print --trace SET.ndjson.gz</c>, which prints one line of results per vector: that of the reference,
/// or <c>fvm</c> itself. It gets the vectors in a temporary set, without their results. A run that fails is repeated vector by vector, so that
/// one vector's failure is not another one's.
/// </summary>
public sealed class CommandSide : ISide
{
    private readonly string _program;
    private readonly IReadOnlyList<string> _arguments;
    private readonly CommandOptions _options;
    private readonly string? _blocksArgument;

    /// <param name="name">The side as the user named it.</param>
    /// <param name="program">The path of the program.</param>
    /// <param name="arguments">The arguments before the vectors' file.</param>
    /// <param name="options">What it may use.</param>
    /// <param name="blocksArgument">
    /// The argument before the folder for the blocks that it writes, as <c>NUMBER.car</c>; null if it hands none over.
    /// </param>
    /// <exception cref="InputException">There is no such program.</exception>
    public CommandSide(
        string name, string program, IReadOnlyList<string> arguments, CommandOptions options, string? blocksArgument = null)
    {
        if (!File.Exists(program))
        {
            throw new InputException($"{name}: there is no program {program}");
        }

        Name = name;
        _program = Path.GetFullPath(program);
        _arguments = arguments;
        _blocksArgument = blocksArgument;
        _options = options;
    }

    /// <summary>The arguments of a command that prints results with traces.</summary>
    public static IReadOnlyList<string> PrintArguments { get; } = ["run", "--print", "--trace"];

    public string Name { get; }

    public IReadOnlyList<SideRun> Run(IReadOnlyList<VectorCase> cases)
    {
        (IReadOnlyList<SideRun> runs, _) = RunOnce(cases);
        return runs.Count == cases.Count ? runs : [.. cases.Select(RunAlone)];
    }

    public void Dispose()
    {
    }

    private SideRun RunAlone(VectorCase item)
    {
        (IReadOnlyList<SideRun> runs, string? failure) = RunOnce([item]);
        return runs.Count switch
        {
            1 => runs[0],
            0 => SideRun.Failed(failure ?? "it printed no result"),
            _ => SideRun.Failed("it printed more than one result for one vector"),
        };
    }

    private (IReadOnlyList<SideRun> Runs, string? Failure) RunOnce(IReadOnlyList<VectorCase> cases)
    {
        string folder = Directory.CreateTempSubdirectory("fvm-diff-").FullName;
        try
        {
            string set = Path.Combine(folder, "vectors.ndjson.gz");
            AtomicFile.Write(set, stream => WriteSet(stream, cases), durable: false);
            string[] blocks = _blocksArgument is null ? [] : [_blocksArgument, folder];
            using CommandRun run = CommandRun.Start(_program, [.. _arguments, .. blocks, set], _options);
            (IReadOnlyList<SideRun> runs, string? failure) = run.Read(cases.Count);
            runs = _blocksArgument is null ? runs : [.. runs.Select((item, index) => WithBlocks(item, Path.Combine(folder, $"{index}.car")))];
            return (runs, failure ?? (runs.Count == 0 ? run.LastError() : null));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // A file that is not there or broken is as good as none: the blocks are only looked at where roots differ.
    private static SideRun WithBlocks(SideRun run, string path)
    {
        try
        {
            using CarStore blocks = CarBlocks.Open(path);
            return run with { Written = [.. blocks.ReadAll()] };
        }
        catch (Exception exception) when (exception is InputException or FileException)
        {
            return run;
        }
    }

    private static void WriteSet(Stream stream, IReadOnlyList<VectorCase> cases)
    {
        using GZipStream packed = new(stream, CompressionLevel.Fastest, leaveOpen: true);
        foreach (VectorCase item in cases)
        {
            VectorWriter.WriteWithoutResults(packed, item.Vector, item.Variant);
        }
    }
}
