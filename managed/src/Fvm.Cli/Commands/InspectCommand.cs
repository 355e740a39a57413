// `fvm inspect`: looks into files.
using System.CommandLine;
using Fvm.Cli.Inspection;
using Fvm.Files;
using Fvm.Ipld.Car;
using Fvm.Vectors;
using Fvm.Wasm.Module;

namespace Fvm.Cli.Commands;

/// <summary>Shows what a CAR file or a Wasm module holds.</summary>
internal static class InspectCommand
{
    private static ReadOnlySpan<byte> WasmMagic => "\0asm"u8;

    public static Command Create(TextWriter output)
    {
        Argument<string> file = new("FILE") { Description = "FILE.car (plain, gzip or zstd: a state, a bundle of actors, any blocks), FILE.wasm, or with --asm FILE.wasm#FUNCTION" };
        Option<string?> actor = new("--actor") { Description = "Show this actor of a state alone, with its whole state", HelpName = "ADDRESS" };
        Option<string?> bundle = new("--bundle")
        {
            Description = "A bundle that names the state's actors, where the state's file does not hold the manifest",
            HelpName = "FILE.car",
        };
        Option<bool> functions = new("--functions") { Description = "List every function of a module" };
        Option<bool> assembly = new("--asm")
        {
            Description = "Show a function's instructions beside their machine code; FILE ends with # and the function's index or the name of its export",
        };
        Option<uint> version = new("--nv")
        {
            Description = "The network version whose gas costs are shown",
            HelpName = "N",
            DefaultValueFactory = static _ => 28,
        };
        DocumentedCommand command = new(
            "inspect",
            "Looks into a file: roots, manifest and actors of a CAR; imports, exports, sizes and gas costs of a module.",
            "fvm inspect artifacts/examples/genesis.car",
            "fvm inspect --actor f01000 artifacts/examples/genesis.car",
            "fvm inspect artifacts/examples/counter.wasm",
            "fvm inspect --asm artifacts/examples/counter.wasm#invoke");
        command.Arguments.Add(file);
        foreach (Option option in (Option[])[actor, bundle, functions, assembly, version])
        {
            command.Options.Add(option);
        }

        command.SetAction(parsed =>
        {
            string path = parsed.GetValue(file)!;
            if (parsed.GetValue(assembly))
            {
                InspectFunction(path, parsed.GetValue(version), output);
                return ExitStatus.Done;
            }

            FileStream opened = InputFile.Open(path);
            if (IsModule(opened))
            {
                opened.Dispose();
                InspectModule(path, InputFile.ReadAllBytes(path), parsed.GetValue(version), parsed.GetValue(functions), output);
            }
            else
            {
                string? names = parsed.GetValue(bundle);
                using CarStore? namesFrom = names is null ? null : CarBlocks.Open(names);
                string? only = parsed.GetValue(actor);
                Address? address = only is null ? null : ExecOptions.ParseAddress("--actor", only);
                using CarStore car = CarBlocks.Open(opened, path);
                new CarInspection(car, namesFrom, output).Write(address);
            }

            return ExitStatus.Done;
        });
        return command;
    }

    private static bool IsModule(FileStream file)
    {
        Span<byte> start = stackalloc byte[WasmMagic.Length];
        return file.CanSeek && RandomAccess.Read(file.SafeFileHandle, start, fileOffset: 0) == start.Length && start.SequenceEqual(WasmMagic);
    }

    private static void InspectModule(string path, byte[] bytes, uint version, bool functions, TextWriter output)
    {
        try
        {
            ModuleInspection.Write(bytes, RulesOf(version), functions, output);
        }
        catch (InvalidModuleException exception)
        {
            throw NoModule(path, exception);
        }
    }

    private static void InspectFunction(string argument, uint version, TextWriter output)
    {
        int separator = argument.LastIndexOf('#');
        if (separator <= 0 || separator == argument.Length - 1)
        {
            throw new UsageException($"--asm: write FILE.wasm#FUNCTION, with the function's index or the name of its export; there is none in {argument}");
        }

        string path = argument[..separator];
        try
        {
            AssemblyInspection.Write(path, InputFile.ReadAllBytes(path), argument[(separator + 1)..], RulesOf(version), output);
        }
        catch (InvalidModuleException exception)
        {
            throw NoModule(path, exception);
        }
    }

    private static InputException NoModule(string path, InvalidModuleException exception) =>
        new($"{path}: no valid module: {exception.Message}", exception);

    private static NetworkRules RulesOf(uint version)
    {
        try
        {
            return NetworkRules.For(version);
        }
        catch (NotSupportedException)
        {
            throw new UsageException($"--nv: network version {version} is not known");
        }
    }
}
