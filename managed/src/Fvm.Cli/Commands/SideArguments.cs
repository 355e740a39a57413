using Fvm.Diff;
using Fvm.Vectors;

namespace Fvm.Cli;

/// <summary>Makes the sides of a comparison from the names that a user gives them.</summary>
internal static class SideArguments
{
    private const string CommandPrefix = "cmd:";

    /// <summary>The forms of a name, for descriptions of arguments.</summary>
    public static string Forms { get; } =
        $"{string.Join(", ", EngineChoice.Names)} (an engine of this machine), or {CommandPrefix}PATH (a command like the reference's)";

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

        return EngineChoice.Names.Contains(name)
            ? new EngineSide(name, settings with { Engine = name, Maker = EngineChoice.MakerOf(name) })
            : throw new UsageException($"'{name}' is no side; a side is {Forms}");
    }
}
