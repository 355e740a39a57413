using System.Globalization;

namespace Fvm.Wasm.Fuzz;

/// <summary>What the fuzzing command is to do.</summary>
public sealed record FuzzOptions
{
    /// <summary>How long to fuzz.</summary>
    public TimeSpan Time { get; init; }

    /// <summary>The first case's number; the others follow.</summary>
    public ulong FirstSeed { get; init; } = (ulong)DateTimeOffset.UtcNow.ToUnixTimeSeconds() * 1_000_000;

    /// <summary>Threads that run cases.</summary>
    public int Jobs { get; init; } = Environment.ProcessorCount;

    /// <summary>After as many finds it stops: most are the same fault.</summary>
    public int MaxFinds { get; init; } = 5;

    /// <summary>Where finds are written.</summary>
    public string Folder { get; init; } = "finds";

    /// <summary>Set for the process that runs cases: what tells the one above which cases run.</summary>
    public string? ProgressFile { get; init; }

    /// <summary>A module to run alone, with <see cref="FirstSeed"/>.</summary>
    public string? Module { get; init; }

    /// <summary>Reads arguments; null where they cannot be understood.</summary>
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

    /// <summary>Says how the command is used.</summary>
    /// <returns>The exit code for it.</returns>
    public static int Explain(TextWriter errors)
    {
        errors.WriteLine("fuzz-engines SECONDS [--seed N] [--jobs N] [--max-finds N] [--out DIR]: compares the engines on random modules");
        errors.WriteLine("fuzz-engines --module FILE.wasm --seed N: compares them on this module, with the arguments and gas limits of case N");
        errors.WriteLine("It exits with 0 when the engines agree, 1 when they differ, and 2 when the arguments cannot be used.");
        return 2;
    }
}
