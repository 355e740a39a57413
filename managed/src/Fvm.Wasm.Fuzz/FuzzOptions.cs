using System.Globalization;

namespace Fvm.Wasm.Fuzz;

/// <summary>The options of the fuzzing command.</summary>
internal sealed record FuzzOptions
{
    /// <summary>Duration of the run.</summary>
    public TimeSpan Time { get; init; }

    /// <summary>The seed of the first case; the others follow.</summary>
    public ulong FirstSeed { get; init; } = (ulong)DateTimeOffset.UtcNow.ToUnixTimeSeconds() * 1_000_000;

    /// <summary>Number of worker threads.</summary>
    public int Jobs { get; init; } = Environment.ProcessorCount;

    /// <summary>The number of finds after which the run stops: most are the same fault.</summary>
    public int MaxFinds { get; init; } = 5;

    /// <summary>Output folder for finds.</summary>
    public string Folder { get; init; } = "finds";

    /// <summary>Set for the worker process: the file in which it reports running cases to the supervisor.</summary>
    public string? ProgressFile { get; init; }

    /// <summary>The engines to compare the compiler with.</summary>
    public IReadOnlyList<string> Against { get; init; } = FuzzReferences.Default;

    /// <summary>A single module to run, with <see cref="FirstSeed"/>.</summary>
    public string? Module { get; init; }

    /// <summary>Parses arguments; null if they are invalid.</summary>
    public static FuzzOptions? Parse(IReadOnlyList<string> arguments)
    {
        FuzzOptions options = new();
        for (int i = 0; i < arguments.Count; i++)
        {
            string name = arguments[i];
            if (!name.StartsWith("--", StringComparison.Ordinal))
            {
                if (!double.TryParse(name, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds) || seconds > 1e6)
                {
                    return null;
                }

                options = options with { Time = TimeSpan.FromSeconds(seconds) };
                continue;
            }

            if (++i == arguments.Count)
            {
                return null;
            }

            string value = arguments[i];
            ulong number = 0;
            bool isNumber = ulong.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out number);
            FuzzOptions? next = name switch
            {
                "--seed" when isNumber => options with { FirstSeed = number },
                "--jobs" when isNumber && number is > 0 and <= 1024 => options with { Jobs = (int)number },
                "--max-finds" when isNumber && number is > 0 and <= 1000 => options with { MaxFinds = (int)number },
                "--out" => options with { Folder = value },
                "--progress" => options with { ProgressFile = value },
                "--module" => options with { Module = value },
                "--against" when FuzzReferences.Parse(value) is IReadOnlyList<string> names => options with { Against = names },
                _ => null,
            };
            if (next is null)
            {
                return null;
            }

            options = next;
        }

        return options.Time > TimeSpan.Zero || options.Module is not null ? options : null;
    }

    /// <summary>Prints the usage.</summary>
    /// <returns>The exit code for a usage error.</returns>
    public static int Explain(TextWriter errors)
    {
        errors.WriteLine("fuzz-engines SECONDS [--seed N] [--jobs N] [--max-finds N] [--out DIR] [--against NAMES]:");
        errors.WriteLine("compares the compiler on random modules with the engines NAMES: interpreter (the default), wasmtime, or both with a comma");
        errors.WriteLine("fuzz-engines --module FILE.wasm --seed N: compares them on this module, with the arguments and gas limits of case N");
        errors.WriteLine("It exits with 0 when the engines agree, 1 when they differ, and 2 when the arguments cannot be used.");
        return 2;
    }
}
