using System.CommandLine;
using System.Globalization;

namespace Fvm.Cli;

/// <summary>Arguments and options shared by the commands that replay vectors.</summary>
internal static class ReplayOptions
{
    /// <summary>The name of the option <see cref="Engine"/>.</summary>
    public const string EngineName = "--engine";

    // Each thread reserves a stack for a thousand nested calls; more threads than processors do not help.
    private const int MaxJobs = 1024;

    public static Argument<string[]> Files() => new("FILE")
    {
        Description = "VECTOR.json, SET.ndjson.gz, SET.ndjson.gz#ID (one vector of a set), or a folder of such files",
        Arity = ArgumentArity.OneOrMore,
    };

    public static Option<string?> Bundles() => new("--bundles")
    {
        Description = "The folder of the actors' bundles [default: $FVM_BUNDLES, else $FVM_SHARED/bundles, else ../shared/bundles]",
        HelpName = "DIR",
    };

    public static Option<string> Engine()
    {
        Option<string> option = new(EngineName)
        {
            Description = $"The Wasm engine: {string.Join(", ", EngineChoice.Names)}",
            HelpName = "NAME",
            DefaultValueFactory = static _ => EngineChoice.Default(),
        };
        option.Validators.Add(static result =>
        {
            if (result.Tokens.Count == 1 && EngineChoice.Refusal(EngineName, result.Tokens[0].Value) is string refusal)
            {
                result.AddError(refusal);
            }
        });
        return option;
    }

    /// <summary>The number of worker threads.</summary>
    public static Option<int> Jobs(string description) =>
        PositiveNumber("--jobs", description, Math.Min(Environment.ProcessorCount, MaxJobs), MaxJobs);

    public static Option<int> PositiveNumber(string name, string description, int otherwise, int most = int.MaxValue)
    {
        Option<int> option = new(name) { Description = description, HelpName = "N", DefaultValueFactory = _ => otherwise };
        option.Validators.Add(result =>
        {
            // Arguments that are not numbers have been rejected by the parser.
            if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, CultureInfo.InvariantCulture, out int number) &&
                (number < 1 || number > most))
            {
                result.AddError(number < 1 ? $"{name} must be at least 1" : $"{name} must be at most {most}");
            }
        });
        return option;
    }
}
