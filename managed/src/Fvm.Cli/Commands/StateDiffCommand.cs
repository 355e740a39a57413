using System.CommandLine;
using Fvm.Actors;
using Fvm.Ipld;
using Fvm.Vectors;

namespace Fvm.Cli;

/// <summary><c>fvm state diff</c>: the differences between two states, down to the fields.</summary>
internal static class StateDiffCommand
{
    public static Command Create(TextWriter output)
    {
        Argument<string> first = new("A") { Description = "A CAR file with the first state" };
        Argument<string> second = new("B") { Description = "A CAR file with the second state; it may be the same" };
        Option<string?> rootA = new("--root-a") { Description = "The first state's root, if it is not the file's", HelpName = "CID" };
        Option<string?> rootB = new("--root-b") { Description = "The second state's root, if it is not the file's", HelpName = "CID" };
        Option<string?> bundle = new("--bundle")
        {
            Description = "A bundle that names the actors, if the files have no manifest",
            HelpName = "FILE.car",
        };
        Option<int> max = new("--max-lines")
        {
            Description = "The maximum number of differences",
            HelpName = "N",
            DefaultValueFactory = static _ => 1000,
        };
        Option<bool> json = JsonOutput.Option();
        DocumentedCommand command = new(
            "diff",
            "Compares two states down to the fields of actors. What both share is not read; missing blocks are reported. "
            + "Exit code 0 for equal states, 1 for differences, 2 for unreadable files.",
            "fvm state diff before.car after.car",
            "fvm state diff --json --max-lines 20 before.car after.car");
        command.Arguments.Add(first);
        command.Arguments.Add(second);
        foreach (Option option in (Option[])[rootA, rootB, bundle, max, json])
        {
            command.Options.Add(option);
        }

        command.SetAction(parsed =>
        {
            if (parsed.GetValue(max) is < 1 or > 1_000_000)
            {
                throw new UsageException("--max-lines: give a number from 1 to 1000000");
            }

            using CarStore a = CarBlocks.Open(parsed.GetValue(first)!);
            using CarStore b = CarBlocks.Open(parsed.GetValue(second)!);
            using CarStore? names = parsed.GetValue(bundle) is string path ? CarBlocks.Open(path) : null;
            Cid old = RootOf(a, "--root-a", parsed.GetValue(rootA), parsed.GetValue(first)!);
            Cid now = RootOf(b, "--root-b", parsed.GetValue(rootB), parsed.GetValue(second)!);
            IBlockstore bundled = names ?? (IBlockstore)new MemoryBlockstore();
            Dictionary<Cid, string> known = ActorLookup.Names(new LayeredBlockstore(new MemoryBlockstore(), a, bundled), old);
            foreach ((Cid code, string name) in ActorLookup.Names(new LayeredBlockstore(new MemoryBlockstore(), b, bundled), now))
            {
                known[code] = name;
            }

            StateComparer comparer = new(a, b, code => known.GetValueOrDefault(code), parsed.GetValue(max));
            IReadOnlyList<StateDifference> found = comparer.Compare(old, now);
            Write(output, old, now, found, comparer.IsTruncated, parsed.GetValue(json));
            return old == now ? ExitStatus.Done : ExitStatus.Difference;
        });
        return command;
    }

    private static Cid RootOf(CarStore car, string option, string? given, string file)
    {
        if (given is not null)
        {
            return Cid.TryParse(given, out Cid root) ? root : throw new UsageException($"{option}: \"{given}\" is not a CID");
        }

        Cid found = car.Roots.Count == 1 ? car.Roots[0] : throw new UsageException($"{file} has {car.Roots.Count} roots: name one by {option} CID");
        return found;
    }

    private static void Write(TextWriter output, Cid old, Cid now, IReadOnlyList<StateDifference> found, bool truncated, bool json)
    {
        if (json)
        {
            JsonOutput.WriteLine(output, fields =>
            {
                fields.WriteCid("root_a", old);
                fields.WriteCid("root_b", now);
                fields.WriteBoolean("equal", old == now);
                fields.WriteBoolean("truncated", truncated);
                fields.WriteObjects("differences", found, static (json, difference) =>
                {
                    json.WriteString("path", difference.Path);
                    json.WriteText("a", difference.Before);
                    json.WriteText("b", difference.After);
                    json.WriteText("problem", difference.Problem);
                });
            });
            return;
        }

        foreach (StateDifference difference in found)
        {
            output.WriteLine(difference);
        }

        output.WriteLine(old == now ? "the states are equal" : truncated ? $"{found.Count} differences, and more" : $"{found.Count} differences");
    }
}
