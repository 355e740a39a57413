// `fvm cache`: the cache of machine code.
using System.CommandLine;
using System.Globalization;
using Fvm.Cli.Output;
using Fvm.Wasm.Cache;
using Spectre.Console;

namespace Fvm.Cli.Commands;

/// <summary>Lists, clears and fills the cache of machine code.</summary>
internal static class CacheCommand
{
    private const double Mebibyte = 1 << 20;

    // What is left of a key is unique among as many entries as fit.
    private const int KeyDigits = 16;

    public static Command Create(TextWriter output, TextWriter errors)
    {
        DocumentedCommand command = new(
            "cache",
            "The machine code that is kept between runs: only time depends on it. It lies in "
            + $"${CacheEnvironment.FolderVariable} [default: fvm in the user's cache folder; '{CacheEnvironment.Off}' for nowhere], "
            + $"and takes ${CacheEnvironment.SizeVariable} MiB at most [default: {CodeCache.DefaultBytes >> 20}]; what was used longest ago goes first.",
            "fvm cache ls",
            "fvm cache clear",
            "fvm cache warm builtin-actors-v18-mainnet.car.gz");
        Command list = new DocumentedCommand("ls", "Lists the entries: key (of module, gas costs, engine and processor), size, last use.", "fvm cache ls");
        list.SetAction(_ => List(CacheOptions.Open(errors), output));
        Command clear = new DocumentedCommand("clear", "Removes all entries.", "fvm cache clear");
        clear.SetAction(_ => Clear(CacheOptions.Open(errors), output));
        command.Subcommands.Add(list);
        command.Subcommands.Add(clear);
        command.Subcommands.Add(CacheWarmCommand.Create(output, errors));
        return command;
    }

    /// <summary>Bytes as people read them.</summary>
    public static string Mebibytes(long bytes) => (bytes / Mebibyte).ToString("#,0.0", CultureInfo.InvariantCulture);

    /// <summary>The cache, where there is one that can be used.</summary>
    /// <exception cref="UsageException">There is none; it says why.</exception>
    public static CodeCache Require(CodeCache? cache)
    {
        if (cache is null)
        {
            throw new UsageException($"there is no cache: ${CacheEnvironment.FolderVariable} switches it off, or the user has no home");
        }

        return cache.IsUsable
            ? cache
            : throw new UsageException(
                cache.Foreign ?? $"{cache.Folder}: not used, for it cannot be written, or it or its secret is not its user's alone (chmod 700)");
    }

    private static int List(CodeCache? cache, TextWriter output)
    {
        IReadOnlyList<CacheEntry> entries = Require(cache).List();
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

        output.WriteLine($"{entries.Count} entries, {Mebibytes(entries.Sum(static entry => entry.Size))} of {Mebibytes(cache!.MaxBytes)} MiB, in {PrintableText.Of(cache.Folder)}");
        return ExitStatus.Done;
    }

    private static int Clear(CodeCache? cache, TextWriter output)
    {
        output.WriteLine($"{Require(cache).Clear()} entries removed from {PrintableText.Of(cache!.Folder)}");
        return ExitStatus.Done;
    }
}
