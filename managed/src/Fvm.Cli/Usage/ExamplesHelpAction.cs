using System.CommandLine;
using System.CommandLine.Invocation;

namespace Fvm.Cli;

/// <summary>The standard help, followed by the command's examples.</summary>
internal sealed class ExamplesHelpAction(SynchronousCommandLineAction standard) : SynchronousCommandLineAction
{
    public override int Invoke(ParseResult parseResult)
    {
        int result = standard.Invoke(parseResult);
        if (parseResult.CommandResult.Command is IHasExamples command)
        {
            TextWriter output = parseResult.InvocationConfiguration.Output;
            output.WriteLine("Examples:");
            foreach (string example in command.Examples)
            {
                output.WriteLine($"  {example}");
            }

            output.WriteLine();
        }

        return result;
    }
}
