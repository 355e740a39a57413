// The `fvm` command.
using System.Text;
using Fvm.Cli;
using Fvm.Cli.Output;
using Fvm.Files;

string? problem = Fvm.HeapLimit.FromEnvironment() ?? StandardStream.Prepare();
using PrintableWriter output = new(Writer(StandardStream.Output()), !Console.IsOutputRedirected);
using PrintableWriter errors = new(Writer(StandardStream.Error()), !Console.IsErrorRedirected, ignoreFailures: true);
if (problem is not null)
{
    errors.WriteLine($"fvm: {problem}");
    return ExitStatus.Unusable;
}

return CommandLine.Run(args, output, errors);

static StreamWriter Writer(Stream stream) => new(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { AutoFlush = true };
