using System.Text;
using Fvm.Cli;
using Fvm.Files;

string? problem = Fvm.HeapLimit.FromEnvironment() ?? StandardStream.Prepare();
Stream error = StandardStream.Error();
try
{
    // Ended within the wall: without memory, even a flush can fail.
    using PrintableWriter output = new(Writer(StandardStream.Output()), !Console.IsOutputRedirected);
    using PrintableWriter errors = new(Writer(error), !Console.IsErrorRedirected, ignoreFailures: true);
    if (problem is null)
    {
        return CommandLine.Run(args, output, errors);
    }

    errors.WriteLine($"fvm: {problem}");
}
catch (Exception)
{
    // Only out of memory gets here: not even the error message could be built.
    error.Write("fvm: out of memory, without room for details\n"u8);
}

return ExitStatus.Unusable;

static StreamWriter Writer(Stream stream) => new(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { AutoFlush = true };
