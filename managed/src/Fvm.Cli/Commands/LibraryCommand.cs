using System.CommandLine;
using Fvm.Diff;
using Fvm.Vectors;

namespace Fvm.Cli;

/// <summary>The process of a library in a comparison: loads it, runs vectors, prints their results. Not meant for people.</summary>
internal static class LibraryCommand
{
    public const string Name = "run-library";
    public const string BlocksOption = "--blocks";

    public static Command Create(TextWriter output, TextWriter errors)
    {
        Argument<string> library = new("LIBRARY") { Description = "A shared library with the C interface of filecoin-ffi" };
        Argument<string[]> files = ReplayOptions.Files();
        files.Arity = ArgumentArity.ZeroOrMore;
        Option<string?> blocks = new(BlocksOption) { Description = "Write the new blocks of each vector into this folder", HelpName = "DIR" };
        Option<string?> bundles = ReplayOptions.Bundles();
        DocumentedCommand command = new(
            Name,
            "Runs vectors on a shared library and prints their results, for 'fvm diff lib:LIBRARY'; without vectors, only loads it.",
            "fvm run-library artifacts/native/libfvm.so examples/vectors/counter.json")
        {
            Hidden = true,
        };
        command.Arguments.Add(library);
        command.Arguments.Add(files);
        command.Options.Add(blocks);
        command.Options.Add(bundles);
        command.SetAction(parsed =>
        {
            string path = parsed.GetValue(library)!;
            if (!File.Exists(path))
            {
                throw new UsageException($"there is no library {path}");
            }

            LibraryRunner runner = new(path, BundleDirectory.Find(parsed.GetValue(bundles)));
            bool all = ExecutionThread.Run(() => runner.Run(VectorFiles.Read(parsed.GetValue(files)!), output, errors, parsed.GetValue(blocks)));
            return all ? ExitStatus.Done : ExitStatus.Unusable;
        });
        return command;
    }
}
