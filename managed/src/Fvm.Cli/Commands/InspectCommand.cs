using System.CommandLine;
using Fvm.Files;
using Fvm.Ipld;
using Fvm.Vectors;
using Fvm.Wasm;

namespace Fvm.Cli;

/// <summary><c>fvm inspect</c>: shows the content of a CAR file or a Wasm module.</summary>
internal static class InspectCommand
{
    private static ReadOnlySpan<byte> WasmMagic => "\0asm"u8;

    public static Command Create(TextWriter output)
    {
        Argument<string> file = new("FILE")
        {
            Description = "FILE.car (plain, gzip or zstd: a state, a bundle of actors, any blocks), FILE.wasm, or with --asm FILE.wasm#FUNCTION",
        };
        Option<string?> actor = new("--actor") { Description = "Show only this actor of a state, with its whole state", HelpName = "ADDRESS" };
        Option<string?> bundle = new("--bundle")
        {
            Description = "A bundle that names the state's actors, if the state's file does not contain the manifest",
            HelpName = "FILE.car",
        };
        Option<bool> functions = new("--functions") { Description = "List every function of a module" };
        Option<bool> assembly = new("--asm")
        {
            Description = "Show a function's instructions beside their machine code; "
                + "FILE ends with # and the function's index or the name of its export",
        };
        Option<uint> version = new("--nv")
        {
            Description = "The network version whose gas costs are shown",
            HelpName = "N",
            DefaultValueFactory = static _ => 28,
        };
        DocumentedCommand command = new(
            "inspect",
            "Inspects a file: roots, manifest and actors of a CAR; imports, exports, sizes and gas costs of a module. "
            + "Of an incomplete state, it shows the available parts and lists the missing ones (exit code 0); "
            + "malformed parts are listed with exit code 1.",
            "fvm inspect artifacts/examples/genesis.car",
            "fvm inspect --actor f01000 artifacts/examples/genesis.car",
            "fvm inspect artifacts/examples/counter.wasm",
            "fvm inspect --asm artifacts/examples/counter.wasm#invoke");
        Option<bool> json = JsonOutput.Option();
        command.Arguments.Add(file);
        foreach (Option option in (Option[])[actor, bundle, functions, assembly, version, json])
        {
            command.Options.Add(option);
        }

        command.SetAction(parsed =>
        {
            string path = parsed.GetValue(file)!;
            if (parsed.GetValue(assembly))
            {
                InspectFunction(path, parsed.GetValue(version), parsed.GetValue(json), output);
                return ExitStatus.Done;
            }

            FileStream opened = InputFile.Open(path);
            if (IsModule(opened))
            {
                opened.Dispose();
                InspectModule(path, parsed.GetValue(version), parsed.GetValue(functions), parsed.GetValue(json), output);
                return ExitStatus.Done;
            }

            string? names = parsed.GetValue(bundle);
            using CarStore? namesFrom = names is null ? null : CarBlocks.Open(names);
            string? only = parsed.GetValue(actor);
            Address? address = only is null ? null : ExecOptions.ParseAddress("--actor", only);
            using CarStore car = CarBlocks.Open(opened, path);
            return InspectCar(path, car, namesFrom, address, parsed.GetValue(json), output) ? ExitStatus.Done : ExitStatus.Difference;
        });
        return command;
    }

    private static bool InspectCar(string path, CarStore car, CarStore? names, Address? only, bool json, TextWriter output)
    {
        try
        {
            if (!json)
            {
                return new CarInspection(car, names, output).Write(only);
            }

            bool sound = true;
            JsonOutput.WriteLine(output, fields => sound = new CarJson(car, names).Write(fields, only));
            return sound;
        }
        catch (InputException exception)
        {
            throw new InputException($"{path}: {exception.Message}", exception);
        }
    }

    private static bool IsModule(FileStream file)
    {
        Span<byte> start = stackalloc byte[WasmMagic.Length];
        return file.CanSeek && RandomAccess.Read(file.SafeFileHandle, start, fileOffset: 0) == start.Length && start.SequenceEqual(WasmMagic);
    }

    private static void InspectModule(string path, uint version, bool functions, bool json, TextWriter output)
    {
        byte[] bytes = InputFile.ReadAllBytes(path);
        NetworkRules rules = RulesOf(version);
        try
        {
            if (json)
            {
                JsonOutput.WriteLine(output, fields => ModuleJson.Write(fields, bytes, rules, functions));
            }
            else
            {
                ModuleInspection.Write(bytes, rules, functions, output);
            }
        }
        catch (InvalidModuleException exception)
        {
            throw NoModule(path, exception);
        }
    }

    private static void InspectFunction(string argument, uint version, bool json, TextWriter output)
    {
        int separator = argument.LastIndexOf('#');
        if (separator <= 0 || separator == argument.Length - 1)
        {
            throw new UsageException(
                $"--asm: write FILE.wasm#FUNCTION, with the function's index or the name of its export; {argument} contains none");
        }

        string path = argument[..separator];
        try
        {
            using StringWriter text = new();
            AssemblyInspection.Write(path, InputFile.ReadAllBytes(path), argument[(separator + 1)..], RulesOf(version), json ? text : output);
            if (json)
            {
                JsonOutput.WriteLine(output, fields =>
                {
                    fields.WriteString("kind", "function");
                    fields.WriteTexts("lines", text.ToString().TrimEnd().Split(Environment.NewLine));
                });
            }
        }
        catch (InvalidModuleException exception)
        {
            throw NoModule(path, exception);
        }
    }

    private static InputException NoModule(string path, InvalidModuleException exception) =>
        new($"{path}: not a valid module: {exception.Message}", exception);

    private static NetworkRules RulesOf(uint version)
    {
        try
        {
            return NetworkRules.For(version);
        }
        catch (NotSupportedException)
        {
            throw new UsageException($"--nv: unknown network version {version}");
        }
    }
}
