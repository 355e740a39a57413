using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Fvm.Wasm;
using Spectre.Console;

namespace Fvm.Cli;

/// <summary><c>fvm cache</c>: lists, clears and fills the machine code cache.</summary>
internal static class CacheCommand
{
    private const double Mebibyte = 1 << 20;

    // A prefix of the key, unique among as many entries as fit.
    private const int KeyDigits = 16;

    public static Command Create(TextWriter output, TextWriter errors)
    {
        DocumentedCommand command = new(
            "cache",
            "The machine code cache, which affects run time only. Its folder is "
            + $"${CacheEnvironment.FolderVariable} [default: fvm in the user's cache folder; '{CacheEnvironment.Off}' disables it], "
            + $"its limit in MiB is ${CacheEnvironment.SizeVariable} [default: {CodeCache.DefaultBytes >> 20}]; "
            + "the least recently used entries are evicted.",
            "fvm cache ls",
            "fvm cache clear",
            "fvm cache warm builtin-actors-v18-mainnet.car.gz");
        Command list = new DocumentedCommand(
            "ls", "Lists the entries: key (of module, gas costs, engine, processor; or of a bundle), size, last use.", "fvm cache ls");
        Option<bool> listJson = JsonOutput.Option();
        list.Options.Add(listJson);
        list.SetAction(parsed => List(CacheOptions.Open(errors), parsed.GetValue(listJson), output));
        Command clear = new DocumentedCommand("clear", "Removes all entries.", "fvm cache clear");
        Option<bool> clearJson = JsonOutput.Option();
        clear.Options.Add(clearJson);
        clear.SetAction(parsed => Clear(CacheOptions.Open(errors), parsed.GetValue(clearJson), output));
        command.Subcommands.Add(list);
        command.Subcommands.Add(clear);
        command.Subcommands.Add(CacheWarmCommand.Create(output, errors));
        return command;
    }

    /// <summary>A size in MiB, human-readable.</summary>
    public static string Mebibytes(long bytes) => (bytes / Mebibyte).ToString("#,0.0", CultureInfo.InvariantCulture);

    /// <summary>The cache, if there is a usable one.</summary>
    /// <exception cref="UsageException">There is no usable cache; the message says why.</exception>
    public static CodeCache Require(CodeCache? cache)
    {
        if (cache is null)
        {
            throw new UsageException($"no cache: ${CacheEnvironment.FolderVariable} disables it, or the user has no home folder");
        }

        return cache.IsUsable
            ? cache
            : throw new UsageException(
                cache.Foreign ?? $"{cache.Folder}: not used: it is not writable, or others may write to it or read its secret (chmod 700)");
    }

    private static int List(CodeCache? cache, bool json, TextWriter output)
    {
        IReadOnlyList<CacheEntry> entries = Require(cache).List();
        if (json)
        {
            JsonOutput.WriteLine(output, fields =>
            {
                WriteFolder(fields, cache!, entries);
                fields.WriteObjects("entries", entries, static (fields, entry) =>
                {
                    fields.WriteString("key", entry.Key);
                    fields.WriteNumber("bytes", entry.Size);
                    fields.WriteString("last_used", entry.LastUsed.ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture));
                });
            });
            return ExitStatus.Done;
        }

        Table table = Tables.New(null, "key", "MiB", "last used");
        table.Columns[1].RightAligned();
        foreach (CacheEntry entry in entries)
        {
            table.AddRow(
                Markup.Escape(entry.Key[..Math.Min(KeyDigits, entry.Key.Length)]),
                Mebibytes(entry.Size),
                entry.LastUsed.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture));
        }

        if (entries.Count > 0)
        {
            Tables.Write(output, table);
        }

        string size = Mebibytes(entries.Sum(static entry => entry.Size));
        output.WriteLine($"{entries.Count} entries, {size} of {Mebibytes(cache!.MaxBytes)} MiB, in {PrintableText.Of(cache.Folder)}");
        return ExitStatus.Done;
    }

    /// <summary>Writes the cache's folder and size.</summary>
    public static void WriteFolder(Utf8JsonWriter json, CodeCache cache, IReadOnlyList<CacheEntry> entries)
    {
        json.WriteString("folder", cache.Folder);
        json.WriteNumber("max_bytes", cache.MaxBytes);
        json.WriteNumber("bytes", entries.Sum(static entry => entry.Size));
    }

    private static int Clear(CodeCache? cache, bool json, TextWriter output)
    {
        if (json)
        {
            int removed = Require(cache).Clear();
            JsonOutput.WriteLine(output, fields =>
            {
                fields.WriteString("folder", cache!.Folder);
                fields.WriteNumber("removed_entries", removed);
            });
            return ExitStatus.Done;
        }

        output.WriteLine($"{Require(cache).Clear()} entries removed from {PrintableText.Of(cache!.Folder)}");
        return ExitStatus.Done;
    }
}
