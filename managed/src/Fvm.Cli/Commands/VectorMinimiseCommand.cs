using System.CommandLine;
using Fvm.Diff;
using Fvm.Vectors;

namespace Fvm.Cli;

/// <summary><c>fvm vector minimise</c>: the smallest vector of which a property still holds.</summary>
internal static class VectorMinimiseCommand
{
    private const int DefaultAttempts = 2000;

    public static Command Create(TextWriter output, TextWriter errors)
    {
        Argument<string> file = VectorArguments.File();
        Argument<string[]> predicate = new("COMMAND")
        {
            Description = "After --: a command that gets the path of a vector as last argument and exits with 0 if the property holds",
            Arity = ArgumentArity.ZeroOrMore,
        };
        Option<string> destination = VectorArguments.Out();
        Option<string?> against = new("--against")
        {
            Description = $"The property is that this machine and another side differ in the same field as at first: {SideArguments.Forms}",
            HelpName = "SIDE",
        };
        Option<int> attempts = ReplayOptions.PositiveNumber("--max-attempts", "The maximum number of smaller vectors to try", DefaultAttempts);
        Option<int> timeout = VectorArguments.Timeout();
        Option<string?> bundles = ReplayOptions.Bundles();
        Option<string> engine = ReplayOptions.Engine();
        Option<bool> json = JsonOutput.Option();
        DocumentedCommand command = new(
            "minimise",
            "Removes what a property of a vector does not need. By default the property is that the recorded results are obtained, and only blocks "
            + "and answers of the host are removed; with --against or a command also variants, messages, parameters, values and gas.",
            "fvm vector minimise examples/vectors/counter.json --out small.json",
            "fvm vector minimise find.json --against cmd:../shared/oracle/fvm-oracle --out small.json",
            "fvm vector minimise find.json --out small.json -- ./still-fails.sh");
        command.Arguments.Add(file);
        command.Arguments.Add(predicate);
        foreach (Option option in (Option[])[destination, against, attempts, timeout, bundles, engine, json])
        {
            command.Options.Add(option);
        }

        command.SetAction(parsed =>
        {
            Vector vector = VectorArguments.Read(parsed.GetValue(file)!);
            string[] program = parsed.GetValue(predicate) ?? [];
            string? side = parsed.GetValue(against);
            if (side is not null && program.Length > 0)
            {
                throw new UsageException("--against and a command are two properties; give one of them");
            }

            ReplaySettings settings = VectorArguments.Settings(parsed, bundles, engine);
            CommandOptions limits = VectorArguments.Limits(parsed, bundles, timeout);
            Vector smaller = vector;
            VectorMinimiser minimiser = ExecutionThread.Run(() =>
            {
                using VectorReplayer replayer = new(settings);
                using ISide? other = side is null ? null : SideArguments.Make(side, settings, limits);
                using EngineSide ours = new(settings.Engine, settings);
                Func<Vector, bool> holds = other is not null ? StillDiffers(vector, ours, other)
                    : program.Length > 0 ? Commanded(vector, replayer, new CommandPredicate(program[0], program[1..], limits.TimePerVector))
                    : StillAsRecorded(vector, replayer);
                VectorMinimiser made = new(new StateTrimmer(settings), holds, parsed.GetValue(attempts));
                smaller = made.Minimise(vector, changesMessages: other is not null || program.Length > 0);
                smaller = WithResults(vector, smaller, replayer);
                return made;
            });
            VectorArguments.Write(parsed.GetValue(destination)!, smaller);
            Report(parsed.GetValue(destination)!, vector, smaller, minimiser, parsed.GetValue(json), output, errors);
            return ExitStatus.Done;
        });
        return command;
    }

    private static Func<Vector, bool> StillAsRecorded(Vector vector, VectorReplayer replayer)
    {
        foreach (VectorVariant variant in vector.Variants)
        {
            VectorResult result = replayer.Replay(vector, variant);
            if (result.Status != VectorStatus.Passed)
            {
                string why = result.Reason ?? result.Differences[0].ToString();
                throw new InputException(
                    $"{result.Name}: its recorded results are not obtained, so they cannot be kept ({why}); "
                    + "give another property by --against or a command");
            }
        }

        return smaller => smaller.Variants.All(variant => replayer.Replay(smaller, variant).Status == VectorStatus.Passed);
    }

    private static Func<Vector, bool> StillDiffers(Vector vector, EngineSide ours, ISide other)
    {
        Comparison comparison = new(ours, other);
        string wanted = KindOf(vector)
            ?? throw new InputException($"{vector.Source}: {ours.Name} and {other.Name} do not differ on it");
        return smaller => KindOf(smaller) == wanted;

        string? KindOf(Vector tried) =>
            VectorCase.Of(tried).Select(item => DifferenceKind.Of(comparison.Compare(item))).FirstOrDefault(static kind => kind is not null);
    }

    // What the command gets has the results of its messages: the recorded ones, or else this machine's.
    private static Func<Vector, bool> Commanded(Vector vector, VectorReplayer replayer, CommandPredicate predicate)
    {
        if (!predicate.Holds(vector))
        {
            throw new InputException($"{vector.Source}: the command does not exit with 0 for the vector as it is");
        }

        return smaller => WithResults(vector, smaller, replayer) is Vector complete && predicate.Holds(complete);
    }

    private static Vector WithResults(Vector vector, Vector smaller, VectorReplayer replayer)
    {
        bool same = smaller.Messages.SequenceEqual(vector.Messages) && smaller.Variants.SequenceEqual(vector.Variants);
        if (same)
        {
            return smaller;
        }

        VectorResult result = replayer.Replay(smaller with { Receipts = [], ApplyRets = [], PostRoot = string.Empty }, smaller.Variants[0]);
        return VectorArguments.Complete(smaller, result) ?? RecordedResults.WithoutResults(smaller);
    }

    private static void Report(
        string path, Vector vector, Vector smaller, VectorMinimiser minimiser, bool json, TextWriter output, TextWriter errors)
    {
        (int blocks, long bytes) = VectorArguments.SizeOf(vector);
        (int blocksLeft, long bytesLeft) = VectorArguments.SizeOf(smaller);
        if (!minimiser.IsComplete)
        {
            errors.WriteLine("fvm: the attempts ended before the vector was as small as it gets (--max-attempts)");
        }

        if (json)
        {
            JsonOutput.WriteLine(output, fields =>
            {
                fields.WriteString("out", path);
                fields.WriteNumber("attempts", minimiser.Attempts);
                fields.WriteBoolean("complete", minimiser.IsComplete);
                fields.WriteNumber("messages_before", vector.Messages.Count);
                fields.WriteNumber("messages", smaller.Messages.Count);
                fields.WriteNumber("blocks_before", blocks);
                fields.WriteNumber("blocks", blocksLeft);
                fields.WriteNumber("block_bytes_before", bytes);
                fields.WriteNumber("block_bytes", bytesLeft);
            });
            return;
        }

        output.WriteLine(
            $"{PrintableText.Of(path)}: {smaller.Messages.Count} of {vector.Messages.Count} messages, {blocksLeft} of {blocks} blocks, "
            + $"{bytesLeft} of {bytes} bytes; {minimiser.Attempts} attempts");
    }
}
