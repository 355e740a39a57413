using System.CommandLine;
using Fvm.Files;
using Fvm.Ipld;
using Fvm.Vectors;

namespace Fvm.Cli;

/// <summary><c>fvm vector extract</c>: one message with only the blocks that it reads, as a vector of its own.</summary>
internal static class VectorExtractCommand
{
    public static Command Create(TextWriter output, TextWriter errors)
    {
        Argument<string> file = new("FILE")
        {
            Description = "A vector with the message (VECTOR.json, SET.ndjson.gz#ID); with --car, SPEC.json of 'fvm record'",
        };
        Option<int> number = new("--message")
        {
            Description = "The message's number, from zero on",
            HelpName = "N",
            DefaultValueFactory = static _ => 0,
        };
        Option<string?> car = new("--car")
        {
            Description = "The state that SPEC.json's messages run on, as a CAR file of any size",
            HelpName = "FILE.car",
        };
        Option<string?> variantId = new("--variant") { Description = "The vector's variant [default: its first]", HelpName = "ID" };
        Option<string> destination = VectorArguments.Out();
        Option<string?> bundles = ReplayOptions.Bundles();
        Option<string> engine = ReplayOptions.Engine();
        Option<bool> json = JsonOutput.Option();
        DocumentedCommand command = new(
            "extract",
            "Takes a message out of a vector, or runs one on a state, and writes it as a vector with only the blocks that it reads. The messages "
            + "before it are executed. Exit code 1 if it does not give the recorded result alone.",
            "fvm vector extract examples/vectors/caller.json --message 3 --out message.json",
            "fvm vector extract spec.json --car state.car --out message.json");
        command.Arguments.Add(file);
        foreach (Option option in (Option[])[number, car, variantId, destination, bundles, engine, json])
        {
            command.Options.Add(option);
        }

        command.SetAction(parsed =>
        {
            ReplaySettings settings = VectorArguments.Settings(parsed, bundles, engine);
            string? statePath = parsed.GetValue(car);
            using CarStore? held = statePath is null ? null : CarBlocks.Open(statePath);
            Vector vector = held is null ? VectorArguments.Read(parsed.GetValue(file)!) : ReadSpec(parsed.GetValue(file)!, held, statePath!);
            VectorVariant variant = parsed.GetValue(variantId) is string id
                ? vector.Variants.FirstOrDefault(item => item.Id == id) ?? throw new UsageException($"--variant: the vector has no variant '{id}'")
                : vector.Variants[0];
            int index = parsed.GetValue(number);
            if (index < 0 || index >= vector.Messages.Count)
            {
                throw new UsageException($"--message: the vector has {vector.Messages.Count} messages, numbered from 0 on");
            }

            IBlockstore state = held ?? (IBlockstore)CarBlocks.Read(vector.Car, "car");
            (Vector extracted, string? difference) = ExecutionThread.Run(() => Extract(vector, variant, index, state, settings));
            VectorArguments.Write(parsed.GetValue(destination)!, extracted);
            Report(parsed.GetValue(destination)!, extracted, difference, parsed.GetValue(json), output, errors);
            return difference is null ? ExitStatus.Done : ExitStatus.Difference;
        });
        return command;
    }

    private static Vector ReadSpec(string path, CarStore state, string statePath)
    {
        if (state.Roots.Count != 1)
        {
            throw new InputException($"{statePath}: has {state.Roots.Count} roots; a state has one");
        }

        try
        {
            return RecordingSpec.Read(InputFile.ReadAllBytes(path), [], state);
        }
        catch (InputException exception)
        {
            throw new InputException($"{path}: {exception.Message}", exception);
        }
    }

    private static (Vector Vector, string? Difference) Extract(
        Vector vector, VectorVariant variant, int index, IBlockstore state, ReplaySettings settings)
    {
        (string root, IBlockstore blocks) = Before(vector, variant, index, state, settings);
        bool isLast = index == vector.Messages.Count - 1;
        Vector alone = vector with
        {
            Id = vector.Messages.Count == 1 ? vector.Id : $"{vector.Id}-message-{index}",
            Variants = [variant],
            PreRoot = root,
            PostRoot = isLast ? vector.PostRoot : string.Empty,
            Messages = [vector.Messages[index]],
            Receipts = vector.Receipts.Count == 0 ? [] : [vector.Receipts[index]],
            ApplyRets = vector.ApplyRets.Count == 0 ? [] : [vector.ApplyRets[index]],
        };
        (Vector trimmed, IReadOnlyList<VectorResult> results) = new StateTrimmer(settings).Trim(alone, blocks);
        if (results[0].Reason is string reason || results[0].StateRoot is null)
        {
            throw new InputException($"{vector.Source}: {results[0].Reason ?? results[0].Differences[0].ToString()}");
        }

        // What was recorded stays; what was not is this machine's.
        Vector complete = VectorArguments.Complete(trimmed, results[0])!;
        return (trimmed with
        {
            Receipts = trimmed.Receipts.Count == 0 ? complete.Receipts : trimmed.Receipts,
            ApplyRets = trimmed.Receipts.Count == 0 ? complete.ApplyRets : trimmed.ApplyRets,
            PostRoot = trimmed.PostRoot.Length == 0 ? complete.PostRoot : trimmed.PostRoot,
        }, results[0].Differences.Count == 0 ? null : results[0].Differences[0].ToString());
    }

    // The state before the message, by executing those before it.
    private static (string Root, IBlockstore Blocks) Before(
        Vector vector, VectorVariant variant, int index, IBlockstore state, ReplaySettings settings)
    {
        if (index == 0)
        {
            return (vector.PreRoot, state);
        }

        Vector earlier = vector with
        {
            Messages = [.. vector.Messages.Take(index)],
            Receipts = [],
            ApplyRets = [],
            PostRoot = string.Empty,
        };
        MemoryBlockstore written = new();
        using VectorReplayer replayer = new(settings);
        VectorResult result = replayer.Replay(earlier, variant, state, written);
        return result.StateRoot is string root
            ? (root, new LayeredBlockstore(written, state))
            : throw new InputException($"{vector.Source}: the messages before message {index}: {result.Reason ?? result.Differences[0].ToString()}");
    }

    private static void Report(string path, Vector vector, string? difference, bool json, TextWriter output, TextWriter errors)
    {
        (int blocks, long bytes) = VectorArguments.SizeOf(vector);
        if (json)
        {
            JsonOutput.WriteLine(output, fields =>
            {
                fields.WriteString("out", path);
                fields.WriteString("state_root_before", vector.PreRoot);
                fields.WriteString("state_root", vector.PostRoot);
                fields.WriteNumber("blocks", blocks);
                fields.WriteNumber("block_bytes", bytes);
                fields.WriteText("difference", difference);
            });
        }
        else
        {
            output.WriteLine($"{PrintableText.Of(path)}: 1 message, {blocks} blocks, {bytes} bytes");
        }

        if (difference is not null)
        {
            errors.WriteLine($"fvm: alone it does not give the recorded result: {PrintableText.Of(difference)}");
        }
    }
}
