using System.CommandLine;
using System.Globalization;
using Fvm.Chain;
using Fvm.Vectors;

namespace Fvm.Cli;

/// <summary><c>fvm chain import</c>: copies a snapshot to a store.</summary>
internal static class ChainImportCommand
{
    public static Command Create(TextWriter output)
    {
        Option<string> snapshot = new("--snapshot") { Description = "The CAR file to read", HelpName = "FILE", Required = true };
        Option<string> store = new("--store")
        {
            Description = "The folder of the store; created if it does not exist",
            HelpName = "DIR",
            Required = true,
        };
        Option<bool> json = JsonOutput.Option();
        DocumentedCommand command = new(
            "import",
            "Copies the blocks of a snapshot, which are verified, to a store, which the other commands read with --store. The file's roots become "
            + "the store's head.",
            "fvm chain import --snapshot snapshot.car.zst --store chain.db");
        foreach (Option option in (Option[])[snapshot, store, json])
        {
            command.Options.Add(option);
        }

        command.SetAction(parsed =>
        {
            string folder = parsed.GetValue(store)!;
            using FileStream file = Files.InputFile.Open(parsed.GetValue(snapshot)!);
            using BlockDatabase database = BlockDatabase.Open(folder);
            database.Heads = CarBlocks.CopyInto(file, database, parsed.GetValue(snapshot)!);
            if (parsed.GetValue(json))
            {
                JsonOutput.WriteLine(output, writer =>
                {
                    writer.WriteString("store", folder);
                    writer.WriteNumber("blocks", database.Count);
                });
            }
            else
            {
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{PrintableText.Of(folder)}: {database.Count} blocks"));
            }

            return ExitStatus.Done;
        });
        return command;
    }
}
