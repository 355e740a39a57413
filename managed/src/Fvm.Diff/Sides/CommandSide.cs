using System.IO.Compression;
using Fvm.Files;
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
    private volatile bool _hasWorked;

    /// <param name="name">The side as the user named it.</param>
    /// <param name="program">The path of the program.</param>
    /// <param name="arguments">The arguments before the vectors' file.</param>
    /// <param name="options">What it may use.</param>
    /// <exception cref="InputException">There is no such program, or it is not executable.</exception>
    public CommandSide(string name, string program, IReadOnlyList<string> arguments, CommandOptions options)
    {
        if (!File.Exists(program))
        {
            throw new InputException($"{name}: there is no program {program}");
        }

        const UnixFileMode executable = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(program) & executable) == 0)
        {
            throw new InputException($"{name}: {program} is not executable (chmod +x)");
        }

        Name = name;
        _program = Path.GetFullPath(program);
        _arguments = arguments;
        _options = options;
    }

    /// <summary>The arguments of a command that prints results with traces.</summary>
    public static IReadOnlyList<string> PrintArguments { get; } = ["run", "--print", "--trace"];

    public string Name { get; }

    /// <summary>Runs the program without a vector, which only lets it say whether it can be used, by exit code 0.</summary>
    /// <exception cref="InputException">It cannot; the message is the program's own, after its name, if it refuses.</exception>
    public void Require()
    {
        using CommandRun run = CommandRun.Start(_program, _arguments, _options, blocks: null);
        (_, CommandFailure? failure) = run.Read(0);
        if (failure is not null)
        {
            string? said = failure.Fault == CommandFault.Refusal ? run.LastError() : null;
            throw new InputException(said is null
                ? $"{Name}: its process cannot be used: {failure.Text}"
                : said.IndexOf(": ", StringComparison.Ordinal) is >= 0 and int colon ? said[(colon + 2)..] : said);
        }
    }

    /// <summary>Runs the program with other arguments, after its own.</summary>
    /// <param name="arguments">The arguments.</param>
    /// <param name="time">How long it may take.</param>
    /// <returns>Why it did not exit with 0; null if it did.</returns>
    public string? Try(IReadOnlyList<string> arguments, TimeSpan time)
    {
        using CommandRun run = CommandRun.Start(_program, [.. _arguments, .. arguments], _options with { TimePerVector = time }, blocks: null);
        return run.Read(0).Failure?.Text;
    }

    public IReadOnlyList<SideRun> Run(IReadOnlyList<VectorCase> cases)
    {
        (IReadOnlyList<SideRun> runs, _) = RunOnce(cases);
        if (runs.Count != cases.Count)
        {
            return RunEachAlone(cases);
        }

        _hasWorked |= cases.Count > 0;
        return runs;
    }

    public void Dispose()
    {
    }

    // A command that has never given a result and blames no vector for it is no side.
    private SideRun[] RunEachAlone(IReadOnlyList<VectorCase> cases)
    {
        SideRun[] results = new SideRun[cases.Count];
        string? unusable = null;
        bool anyMayWork = false;
        for (int index = 0; index < results.Length; index++)
        {
            (IReadOnlyList<SideRun> runs, CommandFailure? failure) = RunOnce([cases[index]]);
            CommandFailure none = failure ?? new CommandFailure("it printed no result", CommandFault.Unusable);
            _hasWorked |= runs.Count > 0;
            anyMayWork |= runs.Count > 0 || none.Fault == CommandFault.Run;
            unusable ??= none.Text;
            if (!_hasWorked && !anyMayWork && (none.Fault == CommandFault.Unusable || index == results.Length - 1))
            {
                throw new InputException($"{Name}: {unusable}");
            }

            results[index] = runs.Count switch
            {
                1 => runs[0],
                0 => SideRun.Failed(none.Text),
                _ => SideRun.Failed("it printed more than one result for one vector"),
            };
        }

        return results;
    }

    private (IReadOnlyList<SideRun> Runs, CommandFailure? Failure) RunOnce(IReadOnlyList<VectorCase> cases)
    {
        string folder = Directory.CreateTempSubdirectory("fvm-diff-").FullName;
        try
        {
            string set = Path.Combine(folder, "vectors.ndjson.gz");
            AtomicFile.Write(set, stream => WriteSet(stream, cases), durable: false);
            using CommandRun run = CommandRun.Start(_program, [.. _arguments, set], _options, _options.TakesBlocks ? folder : null);
            (IReadOnlyList<SideRun> runs, CommandFailure? failure) = run.Read(cases.Count);
            NewBlocks blocks = new(folder);
            runs = [.. runs.Select((item, index) => item with { Written = blocks.Read(index) })];
            return (runs, failure ?? (runs.Count == 0 && run.LastError() is string said ? new CommandFailure(said, CommandFault.Unusable) : null));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void WriteSet(Stream stream, IReadOnlyList<VectorCase> cases)
    {
        // Most of a vector is its CAR, which is compressed.
        using GZipStream packed = new(stream, CompressionLevel.NoCompression, leaveOpen: true);
        foreach (VectorCase item in cases)
        {
            VectorWriter.WriteWithoutResults(packed, item.Vector, item.Variant);
        }
    }
}
