using System.CommandLine;
using Fvm.Diff;
using Fvm.Vectors;

namespace Fvm.Cli;

/// <summary>The process of a library in a comparison: loads it, runs vectors, prints their results. Not meant for people.</summary>
internal static class LibraryCommand
{
    public const string Name = "run-library";
    public const string EdgeOption = "--edge";

    public static Command Create(TextWriter output, TextWriter errors)
    {
        Argument<string> library = new("LIBRARY") { Description = "A shared library with the C interface of filecoin-ffi" };
        Argument<string[]> files = ReplayOptions.Files();
        files.Arity = ArgumentArity.ZeroOrMore;
        Option<string?> edge = new(EdgeOption) { Description = "Try this edge of the C interface, with the first vector", HelpName = "NAME" };
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
        command.Options.Add(edge);
        command.Options.Add(bundles);
        command.SetAction(parsed =>
        {
            string path = parsed.GetValue(library)!;
            if (!File.Exists(path))
            {
                throw new UsageException($"there is no library {path}");
            }

            if (parsed.GetValue(edge) is string tried)
            {
                string first = parsed.GetValue(files) is [string file, ..] ? file : throw new UsageException($"{EdgeOption} needs a vector");
                LibraryEdges edges = new(path, VectorArguments.Read(first), new BundleCatalog(BundleDirectory.Find(parsed.GetValue(bundles))));
                string? failure = ExecutionThread.Run(() => edges.Try(tried));
                errors.WriteLine(failure ?? "passed");
                return failure is null ? ExitStatus.Done : ExitStatus.Difference;
            }

            LibraryRunner runner = new(path, BundleDirectory.Find(parsed.GetValue(bundles)));
            bool all = ExecutionThread.Run(() => runner.Run(VectorFiles.Read(parsed.GetValue(files)!), output, errors, NewBlocks.FromEnvironment()));
            return all ? ExitStatus.Done : ExitStatus.Unusable;
        });
        return command;
    }
}
