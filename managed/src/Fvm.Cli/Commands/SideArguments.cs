using Fvm.Diff;
using Fvm.Fuzz;
using Fvm.Vectors;

namespace Fvm.Cli;

/// <summary>Makes the sides of a comparison from the names that a user gives them.</summary>
internal static class SideArguments
{
    private const string CommandPrefix = "cmd:";
    private const string LibraryPrefix = "lib:";

    /// <summary>The forms of a name, for descriptions of arguments.</summary>
    public static string Forms { get; } =
        $"{string.Join(", ", EngineChoice.Names)} (an engine of this machine), "
        + $"{CommandPrefix}PATH (a command like the reference's), or {LibraryPrefix}PATH (a shared library with the C interface of filecoin-ffi)";

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

        return EngineChoice.Names.Contains(name)
            ? new EngineSide(name, settings with { Engine = name, Maker = EngineChoice.MakerOf(name) })
            : throw new UsageException($"'{name}' is no side; a side is {Forms}");
    }

    /// <summary>Makes a side of the fuzzer. A command prints digests of traces; the traces only where they differ.</summary>
    /// <exception cref="UsageException">No side has such a name.</exception>
    public static FuzzSide MakeForFuzzing(string name, ReplaySettings settings, CommandOptions options)
    {
        ISide tracer = Make(name, settings, options);
        return name.StartsWith(CommandPrefix, StringComparison.Ordinal)
            ? new FuzzSide(
                new CommandSide(
                    name, name[CommandPrefix.Length..], CommandSide.PrintArguments.SkipLast(1).ToArray(), options with { TakesBlocks = false }),
                tracer,
                StartsProcesses: true)
            {
                Timer = new CommandTimer(name, name[CommandPrefix.Length..], options).Measure,
            }
            : new FuzzSide(tracer, tracer, tracer is CommandSide, HasDigests: tracer is EngineSide)
            {
                Timer = tracer is EngineSide engine ? engine.Measure : null,
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
