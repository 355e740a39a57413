using System.CommandLine;
using System.Globalization;
using Fvm.Diff;
using Fvm.Vectors;

namespace Fvm.Cli;

/// <summary><c>fvm vector migrate</c>: the same messages on the same state at another network version, with the results of a named side.</summary>
internal static class VectorMigrateCommand
{
    public static Command Create(TextWriter output, TextWriter errors)
    {
        Argument<string> file = VectorArguments.File();
        Option<uint> version = new("--nv") { Description = "The network version", HelpName = "N", Required = true };
        Option<long?> epoch = new("--epoch") { Description = "The epoch, if it is another one", HelpName = "N" };
        Option<string?> side = new("--side")
        {
            Description = $"Who computes the results [default: the engine]: {SideArguments.Forms}",
            HelpName = "SIDE",
        };
        Option<string> destination = VectorArguments.Out();
        Option<int> timeout = VectorArguments.Timeout();
        Option<string?> bundles = ReplayOptions.Bundles();
        Option<string> engine = ReplayOptions.Engine();
        Option<bool> json = JsonOutput.Option();
        DocumentedCommand command = new(
            "migrate",
            "Runs a vector's messages on its state at another network version, and writes them with the results. The state, hence its actors' code, "
            + "stays as it is.",
            "fvm vector migrate examples/vectors/counter.json --nv 24 --out counter-nv24.json",
            "fvm vector migrate examples/vectors/counter.json --nv 24 --side cmd:../shared/oracle/fvm-oracle --out counter-nv24.json");
        command.Arguments.Add(file);
        foreach (Option option in (Option[])[version, epoch, side, destination, timeout, bundles, engine, json])
        {
            command.Options.Add(option);
        }

        command.SetAction(parsed =>
        {
            Vector vector = VectorArguments.Read(parsed.GetValue(file)!);
            uint number = parsed.GetValue(version);
            if (!Enum.IsDefined((NetworkVersion)number))
            {
                throw new UsageException($"--nv: {number} is no network version that is known here ('fvm networks' lists them)");
            }

            VectorVariant before = vector.Variants[0];
            VectorVariant after = new($"nv{number}", parsed.GetValue(epoch) ?? before.Epoch, number);
            Vector moved = vector with
            {
                Variants = [after],
                Timestamp = vector.Timestamp ?? VectorParser.DefaultTimestamp(before.Epoch),
            };
            ReplaySettings settings = VectorArguments.Settings(parsed, bundles, engine);
            string name = parsed.GetValue(side) ?? settings.Engine;
            moved = ExecutionThread.Run(() =>
            {
                using ISide runner = SideArguments.Make(name, settings, VectorArguments.Limits(parsed, bundles, timeout));
                return RunOn(runner, moved, after);
            });
            VectorArguments.Write(parsed.GetValue(destination)!, moved);
            Report(parsed.GetValue(destination)!, vector, moved, name, parsed.GetValue(json), output);
            return ExitStatus.Done;
        });
        return command;
    }

    private static Vector RunOn(ISide side, Vector vector, VectorVariant variant)
    {
        // The recorder names the machine whose results these are. A path would be that of one computer.
        int colon = side.Name.IndexOf(':', StringComparison.Ordinal);
        string recorder = colon < 0 ? $"fvm {side.Name}" : Path.GetFileName(side.Name[(colon + 1)..]);
        Vector unrecorded = vector with { Recorder = null, SkipReason = null };
        SideRun run = side.Run([new VectorCase(unrecorded, variant)])[0];
        return run.Failure is null && run.StateRoot is string root && run.Outcomes.Count == vector.Messages.Count
            ? RecordedResults.With(unrecorded, run.Outcomes, root, run.TellsReturnCodec, run.Order == TraceOrder.Events) with { Recorder = recorder }
            : throw new InputException(
                $"{vector.Source} at network version {variant.NetworkVersion} on {side.Name}: {run.Failure ?? "there is not a result per message"}");
    }

    private static void Report(string path, Vector before, Vector after, string side, bool json, TextWriter output)
    {
        VectorVariant from = before.Variants[0];
        VectorVariant to = after.Variants[0];
        int[] changed = [.. Enumerable.Range(0, after.Messages.Count).Where(index => !SameReceipt(before.Receipts[index], after.Receipts[index]))];
        if (json)
        {
            JsonOutput.WriteLine(output, fields =>
            {
                fields.WriteString("out", path);
                fields.WriteString("side", side);
                fields.WriteNumber("network_version_before", from.NetworkVersion);
                fields.WriteNumber("network_version", to.NetworkVersion);
                fields.WriteNumber("epoch_before", from.Epoch);
                fields.WriteNumber("epoch", to.Epoch);
                fields.WriteText("state_root_before", before.PostRoot.Length == 0 ? null : before.PostRoot);
                fields.WriteString("state_root", after.PostRoot);
                fields.WriteNumber("messages", after.Messages.Count);
                fields.WriteObjects("changed", changed, (json, index) =>
                {
                    json.WriteNumber("message", index);
                    json.WriteNumber("exit_code_before", before.Receipts[index].ExitCode);
                    json.WriteNumber("exit_code", after.Receipts[index].ExitCode);
                    json.WriteNumber("gas_used_before", before.Receipts[index].GasUsed);
                    json.WriteNumber("gas_used", after.Receipts[index].GasUsed);
                });
            });
            return;
        }

        output.WriteLine($"{PrintableText.Of(path)}: results of {PrintableText.Of(side)}");
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"  network version {from.NetworkVersion} → {to.NetworkVersion}, epoch {from.Epoch} → {to.Epoch}"));
        if (before.Variants.Count > 1)
        {
            output.WriteLine($"  the other {before.Variants.Count - 1} variants are left out");
        }

        foreach (int index in changed)
        {
            ExpectedReceipt old = before.Receipts[index];
            ExpectedReceipt now = after.Receipts[index];
            string value = old.Return.AsSpan().SequenceEqual(now.Return) ? string.Empty : ", another return value";
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"  message {index}: exit code {old.ExitCode} → {now.ExitCode}, gas {old.GasUsed:N0} → {now.GasUsed:N0}{value}"));
        }

        output.WriteLine($"  {changed.Length} of {after.Messages.Count} receipts changed, the state root "
            + (before.PostRoot == after.PostRoot ? "did not" : "did"));
    }

    private static bool SameReceipt(ExpectedReceipt one, ExpectedReceipt other) =>
        one.ExitCode == other.ExitCode && one.GasUsed == other.GasUsed && one.Return.AsSpan().SequenceEqual(other.Return)
        && (!one.HasEventsRoot || one.EventsRoot == other.EventsRoot);
}
