using System.Globalization;
using System.Text.Json;
using Fvm.Ipld;
using Fvm.Vectors;
using Fvm.Wasm;

namespace Fvm.Cli;

/// <summary><c>fvm bench --compile</c>: times the compilation of all actors of a bundle, from Wasm until every function can run.</summary>
internal static class BundleBench
{
    private const string Header = "bundle,actors,functions,wasm_bytes,code_bytes,compile_us_min,compile_us_median";

    public static void Run(string[] files, int repeat, bool json, TextWriter output)
    {
        if (!CompilerEngine.IsSupported)
        {
            throw new UsageException("bench --compile: machine code cannot be generated on this system");
        }

        if (!json)
        {
            output.WriteLine(Header);
        }

        foreach (string file in files)
        {
            using CarStore bundle = CarBlocks.Open(file);
            IReadOnlyList<KeyValuePair<Cid, byte[]>> modules = BundleCompiler.CodesOf(bundle, file);
            NetworkRules rules = NetworkRules.For(BundleFiles.VersionsFor(file)[^1]);
            List<BundleCompilation> rounds = [];
            for (int round = 0; round < repeat; round++)
            {
                using CompilerEngine engine = new();
                rounds.Add(BundleCompiler.Compile(engine, modules, rules, Environment.ProcessorCount));
            }

            rounds.Sort(static (left, right) => left.Time.CompareTo(right.Time));
            BundleCompilation best = rounds[0];
            if (json)
            {
                JsonOutput.WriteLine(output, fields => WriteFields(fields, file, best, rounds[rounds.Count / 2]));
                continue;
            }

            string name = PrintableText.Of(Path.GetFileName(file));
            long median = Micros(rounds[rounds.Count / 2]);
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{name},{best.Actors},{best.Functions},{best.WasmBytes},{best.CodeBytes},{Micros(best)},{median}"));
        }
    }

    private static void WriteFields(Utf8JsonWriter json, string file, BundleCompilation best, BundleCompilation median)
    {
        json.WriteString("bundle", Path.GetFileName(file));
        json.WriteNumber("actors", best.Actors);
        json.WriteNumber("functions", best.Functions);
        json.WriteNumber("wasm_bytes", best.WasmBytes);
        json.WriteNumber("code_bytes", best.CodeBytes);
        json.WriteNumber("compile_us_min", Micros(best));
        json.WriteNumber("compile_us_median", Micros(median));
    }

    private static long Micros(BundleCompilation compilation) => (long)compilation.Time.TotalMicroseconds;
}
