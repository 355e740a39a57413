using System.Text;
using Fvm;
using Fvm.Cli;
using Fvm.Files;

try
{
    string? problem = HeapLimit.FromEnvironment() ?? StandardStream.Prepare();
    FinalizerThread.Prepare();

    // Ended within the wall: without memory, even a flush can fail.
    using PrintableWriter output = new(Writer(StandardStream.Output()), !Console.IsOutputRedirected);
    using PrintableWriter errors = new(Writer(StandardStream.Error()), !Console.IsErrorRedirected, ignoreFailures: true);
    if (problem is null)
    {
        return CommandLine.Run(args, output, errors);
    }

    errors.WriteLine($"fvm: {problem}");
}
catch (Exception)
{
    // Only out of memory gets here: not even the error message could be built.
    StandardStream.WriteLastWords("fvm: out of memory, without room for details\n"u8);
}

return ExitStatus.Unusable;

static StreamWriter Writer(Stream stream) => new(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { AutoFlush = true };
