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
        Argument<string> spec = new("SPEC.json") { Description = "The contents of the state: builtin actors, accounts, actors" };
        Option<string> car = new("--out") { Description = "The CAR file to write", HelpName = "FILE.car", Required = true };
        Option<string?> code = new("--code")
        {
            Description = "The folder that paths of code are relative to [default: the folder of SPEC.json]",
            HelpName = "DIR",
        };
        DocumentedCommand command = new(
            "genesis",
            "Creates a state with accounts and actors, and writes it as a CAR file.",
            "fvm genesis examples/genesis.json --code artifacts/examples --out artifacts/examples/genesis.car");
        command.Arguments.Add(spec);
        command.Options.Add(car);
        command.Options.Add(code);
        Option<bool> json = JsonOutput.Option();
        command.Options.Add(json);
        command.SetAction(parsed =>
        {
            string path = parsed.GetValue(spec)!;
            byte[] text = InputFile.ReadAllBytes(path);
            string folder = parsed.GetValue(code) ?? Path.GetDirectoryName(Path.GetFullPath(path))!;
            MemoryBlockstore store = new();
            Cid root;
            try
            {
                GenesisBuilder builder = new(store, file => InputFile.ReadAllBytes(Path.Combine(folder, file), MaxCodeBytes, allowPipes: false));
                root = builder.Build(GenesisSpec.Parse(text));
            }
            catch (InputException exception)
            {
                throw new InputException($"{path}: {exception.Message}", exception);
            }

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
}
