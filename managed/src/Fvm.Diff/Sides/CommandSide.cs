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
    private readonly UnpackedBundles? _bundles;
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
        _bundles = options.BundleDirectory is string folder ? new UnpackedBundles(folder) : null;
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
        SideRun[] results = new SideRun[cases.Count];
        RunPart(cases, new ArraySegment<SideRun>(results), new RefusedVectors(cases.Count), halves: false);
        return results;
    }

    public void Dispose() => _bundles?.Dispose();

    // A part that does not give one result per vector is divided: at the vector at which the command probably ended, or into halves if it did not
    // end early, or the vectors before that one fail again.
    private void RunPart(IReadOnlyList<VectorCase> cases, ArraySegment<SideRun> results, RefusedVectors refused, bool halves)
    {
        if (cases.Count == 0)
        {
            return;
        }

        (IReadOnlyList<SideRun> runs, CommandFailure? failure) = RunOnce(cases);
        if (runs.Count == cases.Count)
        {
            _hasWorked = true;
            refused.Left -= cases.Count;
            refused.AnyMayWork = true;
            for (int index = 0; index < runs.Count; index++)
            {
                results[index] = runs[index];
            }

            return;
        }

        CommandFailure none = failure ?? new CommandFailure("it printed no result", CommandFault.Unusable);
        if (cases.Count == 1)
        {
            results[0] = Single(runs, none, refused);
            return;
        }

        bool endedEarly = !halves && none.Fault == CommandFault.Run && runs.Count < cases.Count;
        int at = endedEarly ? runs.Count : cases.Count / 2;
        int next = endedEarly ? at + 1 : at;
        RunPart([.. cases.Take(at)], results[..at], refused, halves: true);
        RunPart([.. cases.Skip(at).Take(next - at)], results[at..next], refused, halves);
        RunPart([.. cases.Skip(next)], results[next..], refused, halves);
    }

    // A command that has never given a result and blames no vector for it is no side.
    private SideRun Single(IReadOnlyList<SideRun> runs, CommandFailure failure, RefusedVectors refused)
    {
        refused.Left--;
        _hasWorked |= runs.Count > 0;
        refused.AnyMayWork |= runs.Count > 0 || failure.Fault == CommandFault.Run;
        refused.First ??= failure.Text;
        return !_hasWorked && !refused.AnyMayWork && (failure.Fault == CommandFault.Unusable || refused.Left == 0)
            ? throw new InputException($"{Name}: {refused.First}")
            : SideRun.Failed(runs.Count == 0 ? failure.Text : "it printed more than one result for one vector");
    }

    private (IReadOnlyList<SideRun> Runs, CommandFailure? Failure) RunOnce(IReadOnlyList<VectorCase> cases)
    {
        string folder = Directory.CreateTempSubdirectory("fvm-diff-").FullName;
        try
        {
            string set = Path.Combine(folder, "vectors.ndjson.gz");
            AtomicFile.Write(set, stream => WriteSet(stream, cases), durable: false);
            CommandOptions options = _bundles is null ? _options : _options with { BundleDirectory = _bundles.FolderFor(cases) };
            using CommandRun run = CommandRun.Start(_program, [.. _arguments, set], options, options.TakesBlocks ? folder : null);
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

    /// <summary>What single vectors of a batch say about the command.</summary>
    private sealed class RefusedVectors(int left)
    {
        /// <summary>The vectors that have no result yet.</summary>
        public int Left { get; set; } = left;

        /// <summary>Whether one has a result, or a failure of its own.</summary>
        public bool AnyMayWork { get; set; }

        /// <summary>Why the first one has none.</summary>
        public string? First { get; set; }
    }
}
