using System.CommandLine;
using Fvm.Files;
using Fvm.Ipld;
using Fvm.Vectors;

namespace Fvm.Cli;

/// <summary><c>fvm genesis</c>: creates a state with accounts and actors, and writes it as a CAR file.</summary>
internal static class GenesisCommand
{
    // Far above the limit for an actor's code.
    private const int MaxCodeBytes = 64 << 20;

    public static Command Create(TextWriter output)
    {
        Argument<string?> spec = new("SPEC.json")
        {
            Description = "The contents of the state: builtin actors, accounts, actors",
            Arity = ArgumentArity.ZeroOrOne,
        };
        Option<string> car = new("--out") { Description = "The CAR file to write", HelpName = "FILE.car", Required = true };
        Option<string?> code = new("--code")
        {
            Description = "The folder that paths of code are relative to [default: the folder of SPEC.json]",
            HelpName = "DIR",
        };
        BundleGenesisOptions bundle = new();
        DocumentedCommand command = new(
            "genesis",
            "Creates a state with accounts and actors, or one with all builtin actors of a bundle, and writes it as a CAR file.",
            "fvm genesis examples/genesis.json --code artifacts/examples --out artifacts/examples/genesis.car",
            "fvm genesis --bundle builtin-actors.car --nv 28 --fund 0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266=10000 --out genesis.car");
        command.Arguments.Add(spec);
        command.Options.Add(car);
        command.Options.Add(code);
        foreach (Option option in bundle.All)
        {
            command.Options.Add(option);
        }

        Option<bool> json = JsonOutput.Option();
        command.Options.Add(json);
        command.SetAction(parsed =>
        {
            MemoryBlockstore store = new();
            Cid root = (parsed.GetValue(spec), parsed.GetValue(bundle.Bundle)) switch
            {
                (string path, null) when bundle.FindMisplaced(parsed) is string option =>
                    throw new UsageException($"{option} goes with --bundle, not with {path}"),
                (string path, null) => FromSpecification(path, parsed.GetValue(code), store),
                (null, string path) when parsed.GetValue(code) is not null =>
                    throw new UsageException($"--code goes with SPEC.json, not with --bundle {path}"),
                (null, string path) => ExecutionThread.Run(() => bundle.Build(parsed, path, store)),
                _ => throw new UsageException("expected either SPEC.json or --bundle FILE.car"),
            };
            AtomicFile.Write(parsed.GetValue(car)!, file => CarFiles.Write(file, root, store));
            if (parsed.GetValue(json))
            {
                JsonOutput.WriteLine(output, fields =>
                {
                    fields.WriteCid("state_root", root);
                    fields.WriteString("out", parsed.GetValue(car)!);
                });
            }
            else
            {
                output.WriteLine(root);
            }

            return ExitStatus.Done;
        });
        return command;
    }

    private static Cid FromSpecification(string path, string? code, MemoryBlockstore store)
    {
        byte[] text = InputFile.ReadAllBytes(path);
        string folder = code ?? Path.GetDirectoryName(Path.GetFullPath(path))!;
        try
        {
            GenesisBuilder builder = new(store, file => InputFile.ReadAllBytes(Path.Combine(folder, file), MaxCodeBytes, allowPipes: false));
            return builder.Build(GenesisSpec.Parse(text));
        }
        catch (InputException exception)
        {
            throw new InputException($"{path}: {exception.Message}", exception);
        }
    }
}
