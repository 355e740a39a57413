using System.CommandLine;
using Spectre.Console;

namespace Fvm.Cli;

/// <summary><c>fvm networks</c>: prints the table of network versions, or the differences between two of them.</summary>
internal static class NetworksCommand
{
    public static Command Create(TextWriter output)
    {
        Argument<uint[]> versions = new("NV")
        {
            Description = "Two network versions to compare: rules, prices, syscalls",
            Arity = ArgumentArity.ZeroOrMore,
        };
        DocumentedCommand command = new(
            "networks",
            "Shows the network versions, or the differences between two of them.",
            "fvm networks",
            "fvm networks 17 18",
            "fvm networks 24 25");
        Option<bool> json = JsonOutput.Option();
        command.Arguments.Add(versions);
        command.Options.Add(json);
        command.SetAction(parsed =>
        {
            uint[] asked = parsed.GetValue(versions) ?? [];
            switch (asked.Length)
            {
                case 0 when parsed.GetValue(json):
                    JsonOutput.WriteLine(output, NetworksJson.WriteAll);
                    break;
                case 2 when parsed.GetValue(json):
                    JsonOutput.WriteLine(output, fields => NetworksJson.WriteDifferences(fields, RulesOf(asked[0]), RulesOf(asked[1])));
                    break;
                case 0:
                    Tables.Write(output, All());
                    output.WriteLine("fvm: generation of the reference; tree: version of the state tree;");
                    output.WriteLine("events: none, in one block of CBOR, or split into three buffers;");
                    output.WriteLine("f4: delegated addresses; links: of blocks are tracked; memory: costs gas");
                    break;
                case 2:
                    WriteDifferences(output, RulesOf(asked[0]), RulesOf(asked[1]));
                    break;
                default:
                    throw new UsageException("networks: name two network versions, or none");
            }

            return ExitStatus.Done;
        });
        return command;
    }

    private static NetworkRules RulesOf(uint version)
    {
        try
        {
            return NetworkRules.For(version);
        }
        catch (NotSupportedException)
        {
            throw new UsageException($"networks: unknown network version {version}");
        }
    }

    private static Table All()
    {
        Table table = Tables.New(null, "nv", "fvm", "tree", "prices", "actors", "syscalls", "events", "f4", "links", "memory");
        Tables.Narrow(table);
        foreach (NetworkVersion version in Enum.GetValues<NetworkVersion>())
        {
            NetworkRules rules = NetworkRules.For(version);
            table.AddRow(
                NetworkFacts.Text((uint)version),
                rules.Syscalls.ToString()["Fvm".Length..],
                rules.StateTree.ToString(),
                rules.Prices.Name,
                $"v{rules.ActorsVersion}",
                NetworkFacts.Text(SyscallSignature.AllOf(rules).Count),
                !rules.Events.Supported ? "no" : rules.Events.MaxEncodedLength > 0 ? "block" : "split",
                NetworkFacts.Text(rules.DelegatedAddresses),
                NetworkFacts.Text(rules.TracksLinks),
                NetworkFacts.Text(rules.ChargesMemory));
        }

        return table;
    }

    private static void WriteDifferences(TextWriter output, NetworkRules before, NetworkRules after)
    {
        string[] heads = [$"nv{(uint)before.Version}", $"nv{(uint)after.Version}"];
        Table[] tables = [Rules(before, after, heads), Prices(before, after, heads), Syscalls(before, after)];
        Table[] different = [.. tables.Where(static table => table.Rows.Count > 0)];
        foreach (Table table in different)
        {
            Tables.Write(output, table);
        }

        if (different.Length == 0)
        {
            output.WriteLine($"{heads[0]} and {heads[1]} do not differ");
        }
    }

    private static Table Rules(NetworkRules before, NetworkRules after, string[] heads)
    {
        Table table = Tables.New("Rules", ["rule", .. heads]);
        foreach (((string name, string old), (_, string changed)) in NetworkFacts.Of(before).Zip(NetworkFacts.Of(after)))
        {
            AddIfDifferent(table, name, old, changed);
        }

        return table;
    }

    private static Table Prices(NetworkRules before, NetworkRules after, string[] heads)
    {
        Table table = Tables.New("Prices, in gas", ["price", .. heads]);
        table.Columns[1].RightAligned();
        table.Columns[2].RightAligned();
        foreach (Price price in Enum.GetValues<Price>())
        {
            AddIfDifferent(
                table, price.ToString(), NetworkFacts.Gas(before.Prices.MilliOf(price)), NetworkFacts.Gas(after.Prices.MilliOf(price)));
        }

        return table;
    }

    // One row per syscall and version: two versions side by side exceed a terminal's width.
    private static Table Syscalls(NetworkRules before, NetworkRules after)
    {
        Table table = Tables.New("Syscalls", "syscall", "nv", "parameters, result, what it does");
        Tables.Narrow(table);
        Dictionary<string, string> old = ByName(before);
        Dictionary<string, string> changed = ByName(after);
        foreach (string name in old.Keys.Union(changed.Keys).Order(StringComparer.Ordinal))
        {
            string first = old.GetValueOrDefault(name, "–");
            string second = changed.GetValueOrDefault(name, "–");
            if (first != second)
            {
                table.AddRow(Markup.Escape(name), NetworkFacts.Text((uint)before.Version), Markup.Escape(first));
                table.AddRow(string.Empty, NetworkFacts.Text((uint)after.Version), Markup.Escape(second));
            }
        }

        return table;
    }

    private static Dictionary<string, string> ByName(NetworkRules rules) =>
        SyscallSignature.AllOf(rules).ToDictionary(static call => $"{call.Module}.{call.Name}", static call => call.ToString());

    private static void AddIfDifferent(Table table, string name, string old, string changed)
    {
        if (old != changed)
        {
            table.AddRow(Markup.Escape(name), Markup.Escape(old), Markup.Escape(changed));
        }
    }
}
