using Fvm.Diff;
using Fvm.Fuzz;
using Fvm.Vectors;

namespace Fvm.Cli;

/// <summary>Makes the sides of a comparison from the names that a user gives them.</summary>
internal static class SideArguments
{
    private const string CommandPrefix = "cmd:";
    private const string LibraryPrefix = "lib:";
    private const string SidecarPrefix = "grpc:";

    /// <summary>The forms of a name, for descriptions of arguments.</summary>
    public static string Forms { get; } =
        $"{string.Join(", ", EngineChoice.Names)} (an engine of this machine), "
        + $"{CommandPrefix}PATH (a command like the reference's), {LibraryPrefix}PATH (a shared library with the C interface of filecoin-ffi), "
        + $"or {SidecarPrefix}ADDRESS (a running sidecar: the path of its socket, or HOST:PORT)";

    /// <summary>Whether a name is that of a library.</summary>
    public static bool IsLibrary(string name) => name.StartsWith(LibraryPrefix, StringComparison.Ordinal);

    /// <summary>Makes a side.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="settings">For engines: bundles and code cache.</param>
    /// <param name="options">For commands.</param>
    /// <exception cref="UsageException">No side has such a name.</exception>
    public static ISide Make(string name, ReplaySettings settings, CommandOptions options)
    {
        if (name.StartsWith(CommandPrefix, StringComparison.Ordinal))
        {
            return new CommandSide(name, name[CommandPrefix.Length..], CommandSide.PrintArguments, options);
        }

        if (IsLibrary(name))
        {
            return MakeLibrary(name, name[LibraryPrefix.Length..], options);
        }

        if (name.StartsWith(SidecarPrefix, StringComparison.Ordinal))
        {
            return new SidecarSide(name, name[SidecarPrefix.Length..], traces: true, options);
        }

        return EngineChoice.Names.Contains(name)
            ? new EngineSide(name, settings with { Engine = name, Maker = EngineChoice.MakerOf(name) })
            : throw new UsageException($"'{name}' is no side; a side is {Forms}");
    }

    /// <summary>Makes a side of the fuzzer. A command prints digests of traces; the traces only where they differ.</summary>
    /// <exception cref="UsageException">No side has such a name.</exception>
    public static FuzzSide MakeForFuzzing(string name, ReplaySettings settings, CommandOptions options)
    {
        ISide tracer = Make(name, settings, options);
        CommandOptions withoutBlocks = options with { TakesBlocks = false };
        if (name.StartsWith(CommandPrefix, StringComparison.Ordinal))
        {
            string program = name[CommandPrefix.Length..];
            return new FuzzSide(
                new CommandSide(name, program, CommandSide.PrintArguments.SkipLast(1).ToArray(), withoutBlocks), tracer, FuzzSideKind.Processes)
            {
                Timer = new CommandTimer(name, program, options).Measure,
            };
        }

        return tracer switch
        {
            EngineSide engine => new FuzzSide(engine, engine) { Timer = engine.Measure },
            SidecarSide => new FuzzSide(
                new SidecarSide(name, name[SidecarPrefix.Length..], traces: false, withoutBlocks), tracer, FuzzSideKind.Server),
            _ => new FuzzSide(tracer, tracer, FuzzSideKind.Processes, HasDigests: false),
        };
    }

    // In processes of this same program, because a library can end or block its process.
    private static CommandSide MakeLibrary(string name, string path, CommandOptions options)
    {
        if (!File.Exists(path))
        {
            throw new UsageException($"{name}: there is no library {path}");
        }

        if (LibraryFile.RefusalOf(path) is string refusal)
        {
            throw new UsageException($"{name}: {path} {refusal}");
        }

        string program = Environment.ProcessPath ?? throw new UsageException($"{name}: the path of this program is unknown");
        string[] itself = Path.GetFileNameWithoutExtension(program) == "dotnet" ? [Environment.GetCommandLineArgs()[0]] : [];
        CommandSide side = new(name, program, [.. itself, LibraryCommand.Name, Path.GetFullPath(path)], options);
        side.Require();
        return side;
    }
}
