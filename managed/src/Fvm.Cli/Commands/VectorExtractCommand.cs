using System.CommandLine;
using System.Globalization;
using Fvm.Chain;
using Fvm.Files;
using Fvm.Ipld;
using Fvm.Vectors;

namespace Fvm.Cli;

/// <summary><c>fvm vector extract</c>: one message with only the blocks that it reads, as a vector of its own.</summary>
internal static class VectorExtractCommand
{
    public static Command Create(TextWriter output, TextWriter errors)
    {
        Argument<string?> file = new("FILE")
        {
            Description = "A vector with the message (VECTOR.json, SET.ndjson.gz#ID); with --car, SPEC.json of 'fvm record'; with --snapshot, none",
            Arity = ArgumentArity.ZeroOrOne,
        };
        Option<string?> which = new("--message")
        {
            Description = "The message's number, from zero on [default: 0]; of a chain its CID [default: all messages of the epoch]",
            HelpName = "N|CID",
        };
        ChainOptions chain = new();
        Option<long?> epoch = new("--epoch")
        {
            Description = "The epoch of the tipset that executes the message [default: searched from the head]",
            HelpName = "EPOCH",
        };
        Option<string?> car = new("--car")
        {
            Description = "The state that SPEC.json's messages run on, as a CAR file of any size",
            HelpName = "FILE.car",
        };
        Option<string?> variantId = new("--variant") { Description = "The vector's variant [default: its first]", HelpName = "ID" };
        Option<string> destination = VectorArguments.Out();
        Option<string?> bundles = chain.Bundles;
        bundles.Description = $"{ReplayOptions.Bundles().Description}; for a snapshot without the actors' code also a bundle";
        Option<string> engine = ReplayOptions.Engine();
        Option<bool> json = JsonOutput.Option();
        DocumentedCommand command = new(
            "extract",
            "Takes a message out of a vector or of a chain, or runs one on a state, and writes it as a vector with only the blocks that it reads. "
            + "The messages before it are executed. Exit code 1 if it does not give the recorded result alone.",
            "fvm vector extract examples/vectors/caller.json --message 3 --out message.json",
            "fvm vector extract spec.json --car state.car --out message.json",
            "fvm vector extract --snapshot snapshot.car --message bafy2bzacea… --out message.json",
            "fvm vector extract --snapshot snapshot.car --epoch 5400000 --out epoch.json");
        command.Arguments.Add(file);
        foreach (Option option in (Option[])
            [which, car, variantId, .. chain.OfFile, epoch, destination, bundles, engine, json])
        {
            command.Options.Add(option);
        }

        command.SetAction(parsed =>
        {
            ReplaySettings settings = VectorArguments.Settings(parsed, bundles, engine);
            string? path = parsed.GetValue(file);
            if ((path is null) != (parsed.GetValue(chain.Snapshot) is not null))
            {
                throw new UsageException("name where the message is: FILE, or a chain by --snapshot FILE");
            }

            if (path is null)
            {
                ChainOptions.Refuse(parsed, "FILE, not --snapshot", [car, variantId]);
                using ChainWork work = ChainWork.Open(parsed, chain, errors);
                Vector taken = ExecutionThread.Run(() => OfChain(work, parsed.GetValue(which), parsed.GetValue(epoch), settings));
                VectorArguments.Write(parsed.GetValue(destination)!, taken);
                Report(parsed.GetValue(destination)!, taken, difference: null, parsed.GetValue(json), output, errors);
                return ExitStatus.Done;
            }

            ChainOptions.Refuse(parsed, "--snapshot FILE", [.. chain.OfFile, epoch]);
            string? statePath = parsed.GetValue(car);
            using CarStore? held = statePath is null ? null : CarBlocks.Open(statePath);
            Vector vector = held is null ? VectorArguments.Read(path) : ReadSpec(path, held, statePath!);
            VectorVariant variant = parsed.GetValue(variantId) is string id
                ? vector.Variants.FirstOrDefault(item => item.Id == id) ?? throw new UsageException($"--variant: the vector has no variant '{id}'")
                : vector.Variants[0];
            string number = parsed.GetValue(which) ?? "0";
            if (!int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int index) || index >= vector.Messages.Count)
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

    // The whole chain is needed for the state before; the results are this machine's.
    private static Vector OfChain(ChainWork work, string? message, long? epoch, ReplaySettings settings)
    {
        Cid? cid = message is null ? null : Cid.TryParse(message, out Cid known)
            ? known
            : throw new UsageException($"--message: '{message}' is not a CID, which names a message of a chain");
        Tipset tipset = epoch is long number ? ChainShowCommand.AtEpoch(work, number)
            : cid is Cid sought ? work.InFile(() => ChainShowCommand.Search(work, sought))
                ?? throw new UsageException($"no tipset below the head has the message {sought}")
            : throw new UsageException("name what to take out of the chain: --message CID, --epoch EPOCH, or both");
        Vector taken = new ChainVectors(work, new EnginePoolOptions { Engine = settings.Engine, Maker = settings.Maker }).Of(tipset, cid);
        using VectorReplayer replayer = new(settings with { CompareNothing = true });
        VectorResult alone = replayer.Replay(taken, taken.Variants[0]);
        return alone.StateRoot == taken.PostRoot && VectorArguments.Complete(taken, alone) is Vector complete
            ? complete
            : throw new InputException(
                $"epoch {tipset.Epoch}: the messages alone do not give the state that they give in the tipset: "
                + (alone.Reason ?? string.Join("; ", alone.Differences)));
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
            string messages = vector.Messages.Count == 1 ? "1 message" : $"{vector.Messages.Count} messages";
            output.WriteLine($"{PrintableText.Of(path)}: {messages}, {blocks} blocks, {bytes} bytes");
        }

        if (difference is not null)
        {
            errors.WriteLine($"fvm: alone it does not give the recorded result: {PrintableText.Of(difference)}");
        }
    }
}
