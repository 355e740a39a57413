using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Fvm.Ipld;
using Fvm.Vectors;
using Fvm.Wasm;
using Spectre.Console;

namespace Fvm.Cli;

/// <summary><c>fvm cache warm</c>: compiles all actors of bundles ahead of time into the cache.</summary>
internal static class CacheWarmCommand
{
    public static Command Create(TextWriter output, TextWriter errors)
    {
        Argument<string[]> files = new("BUNDLE")
        {
            Description = "Bundles of actors (FILE.car, plain, gzip or zstd), or folders of them [default: the folder given by --bundles]",
            Arity = ArgumentArity.ZeroOrMore,
        };
        Option<string?> bundles = ReplayOptions.Bundles();
        Option<uint[]> versions = new("--nv")
        {
            Description = "Network versions whose gas costs the code charges [default: those that start with the bundle, by its name]",
            HelpName = "N",
            AllowMultipleArgumentsPerToken = true,
        };
        Option<int> jobs = ReplayOptions.Jobs("Number of compiling threads");
        DocumentedCommand command = new(
            "warm",
            "Compiles all functions of all actors of bundles into the cache.",
            "fvm cache warm builtin-actors-v18-mainnet.car.gz",
            "fvm cache warm --nv 27 28 --jobs 2 ../shared/bundles/builtin-actors-v17-mainnet.car.gz");
        Option<bool> json = JsonOutput.Option();
        command.Arguments.Add(files);
        foreach (Option option in (Option[])[bundles, versions, jobs, json])
        {
            command.Options.Add(option);
        }

        command.SetAction(parsed =>
        {
            CodeCache cache = CacheCommand.Require(CacheOptions.Open(errors));
            if (!CompilerEngine.IsSupported)
            {
                throw new UsageException("cache warm: machine code cannot be generated on this system");
            }

            Warm(
                cache,
                FilesOf(parsed.GetValue(files) ?? [], parsed.GetValue(bundles)),
                parsed.GetValue(versions) ?? [],
                parsed.GetValue(jobs),
                parsed.GetValue(json),
                output);
            return ExitStatus.Done;
        });
        return command;
    }

    private static IReadOnlyList<string> FilesOf(string[] given, string? bundles)
    {
        if (given.Length == 0)
        {
            string folder = BundleDirectory.Find(bundles)
                ?? throw new UsageException($"cache warm: name bundles, or their folder with --bundles or ${BundleDirectory.BundlesVariable}");
            given = [folder];
        }

        string[] files = [.. given.SelectMany(static path => Directory.Exists(path) ? BundleFiles.In(path) : [path])];
        return files.Length > 0 ? files : throw new UsageException($"cache warm: no CAR files in {string.Join(", ", given)}");
    }

    private static void Warm(CodeCache cache, IReadOnlyList<string> files, uint[] versions, int threads, bool json, TextWriter output)
    {
        Table table = Tables.New(null, "bundle", "for", "actors", "functions", "compiled", "Wasm MiB", "code MiB", "ms");
        for (int column = 2; column < table.Columns.Count; column++)
        {
            table.Columns[column].RightAligned();
        }

        using CompilerEngine engine = new(new CompilerOptions { Cache = cache });
        TimeSpan all = TimeSpan.Zero;
        List<(string File, uint[] Versions, BundleCompilation Done)> compiled = [];
        foreach (string file in files)
        {
            using CarStore bundle = CarBlocks.Open(file);
            IReadOnlyList<KeyValuePair<Cid, byte[]>> modules = BundleCompiler.CodesOf(bundle, file);

            // Versions with the same limits and instruction costs share machine code.
            foreach (IGrouping<(ModuleLimits, MeteringRules), NetworkRules> group in RulesFor(file, versions)
                .GroupBy(static rules => (rules.Modules, rules.Metering)))
            {
                BundleCompilation done;
                try
                {
                    done = BundleCompiler.Compile(engine, modules, group.First(), threads);
                }
                catch (InvalidModuleException exception)
                {
                    throw new InputException($"{file}: not a valid module: {exception.Message}", exception);
                }

                all += done.Time;
                compiled.Add((Path.GetFileName(file), [.. group.Select(static rules => (uint)rules.Version)], done));
                table.AddRow(
                    Markup.Escape(PrintableText.Of(Path.GetFileName(file))),
                    string.Join(' ', group.Select(static rules => $"nv{(uint)rules.Version}")),
                    Number(done.Actors),
                    Number(done.Functions),
                    Number(done.Compiled),
                    CacheCommand.Mebibytes(done.WasmBytes),
                    CacheCommand.Mebibytes(done.CodeBytes),
                    Number((long)done.Time.TotalMilliseconds));
            }
        }

        IReadOnlyList<CacheEntry> entries = cache.List();
        if (json)
        {
            JsonOutput.WriteLine(output, fields =>
            {
                CacheCommand.WriteFolder(fields, cache, entries);
                fields.WriteObjects("bundles", compiled, WriteBundle);
            });
            return;
        }

        Tables.Write(output, table);
        output.WriteLine(
            $"{Number((long)all.TotalMilliseconds)} ms; {entries.Count} entries, "
            + $"{CacheCommand.Mebibytes(entries.Sum(static entry => entry.Size))} of "
            + $"{CacheCommand.Mebibytes(cache.MaxBytes)} MiB, in {PrintableText.Of(cache.Folder)}");
    }

    private static void WriteBundle(Utf8JsonWriter json, (string File, uint[] Versions, BundleCompilation Done) bundle)
    {
        json.WriteString("bundle", bundle.File);
        json.WriteStartArray("network_versions");
        Array.ForEach(bundle.Versions, json.WriteNumberValue);
        json.WriteEndArray();
        json.WriteNumber("actors", bundle.Done.Actors);
        json.WriteNumber("functions", bundle.Done.Functions);
        json.WriteNumber("compiled_functions", bundle.Done.Compiled);
        json.WriteNumber("wasm_bytes", bundle.Done.WasmBytes);
        json.WriteNumber("code_bytes", bundle.Done.CodeBytes);
        json.WriteNumber("compile_us", (long)bundle.Done.Time.TotalMicroseconds);
    }

    private static IEnumerable<NetworkRules> RulesFor(string file, uint[] versions)
    {
        if (versions.Length == 0)
        {
            return BundleFiles.VersionsFor(file).Select(static version => NetworkRules.For(version));
        }

        try
        {
            return [.. versions.Select(NetworkRules.For)];
        }
        catch (NotSupportedException)
        {
            NetworkVersion[] known = Enum.GetValues<NetworkVersion>();
            throw new UsageException($"--nv: known network versions are {(uint)known.Min()} to {(uint)known.Max()}");
        }
    }

    private static string Number(long number) => number.ToString("#,0", CultureInfo.InvariantCulture);
}
