namespace Fvm.Cli.Tests;

/// <summary>The result of running a command.</summary>
internal sealed record CommandResult(int ExitCode, string Output, string Errors)
{
    public string[] OutputLines => Output.TrimEnd().Split(Environment.NewLine);

    public string[] ErrorLines => Errors.TrimEnd().Split(Environment.NewLine);

    public static CommandResult Of(params string[] arguments)
    {
        using StringWriter output = new();
        using StringWriter errors = new();
        int exitCode = CommandLine.Run(arguments, output, errors);
        return new CommandResult(exitCode, output.ToString(), errors.ToString());
    }
}
