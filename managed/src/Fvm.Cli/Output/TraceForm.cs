using System.CommandLine;
using System.Text;
using System.Text.Json;
using Fvm.Tracing;
using Fvm.Vectors;

namespace Fvm.Cli;

/// <summary>The forms of a message's trace that <c>--trace-form</c> prints.</summary>
internal sealed class TraceForm
{
    private const string Tree = "tree";
    private const string Parity = "parity";
    private const string Replay = "replay";

    private readonly string _name;
    private readonly GethTraceOptions _options;

    private TraceForm(string name, GethTraceOptions options)
    {
        _name = name;
        _options = options;
    }

    private static string[] Names => [Tree, Parity, Replay, .. GethTracers.Names];

    /// <summary>The option <c>--trace-form</c>.</summary>
    public static Option<string?> FormOption(string shape)
    {
        Option<string?> option = new("--trace-form")
        {
            Description = $"Print {shape}, in this form: {string.Join(", ", Names)} (docs/command-line.md)",
            HelpName = "FORM",
        };
        option.AcceptOnlyFromAmong(Names);
        return option;
    }

    /// <summary>The option <c>--tracer-config</c>.</summary>
    public static Option<string?> ConfigOption() => new("--tracer-config")
    {
        Description = "Geth's options of the form, in JSON: onlyTopCall, withLog, diffMode, disableCode, disableStorage",
        HelpName = "JSON",
    };

    /// <summary>The form of the options; null if none is wanted.</summary>
    /// <exception cref="UsageException">The options of the form are malformed.</exception>
    public static TraceForm? Parse(string? name, string? config)
    {
        if (name is null)
        {
            return config is null ? null : throw new UsageException("--tracer-config needs --trace-form with one of Geth's tracers");
        }

        // The parser lets the name of a command through.
        if (!Names.Contains(name))
        {
            throw new UsageException($"--trace-form: '{PrintableText.Of(name)}' is none of {string.Join(", ", Names)}");
        }

        if (config is null)
        {
            return new TraceForm(name, new GethTraceOptions { Tracer = GethTracers.TryParse(name, out GethTracer plain) ? plain : null });
        }

        if (!GethTracers.TryParse(name, out GethTracer tracer))
        {
            throw new UsageException($"--tracer-config belongs to Geth's tracers: {string.Join(", ", GethTracers.Names)}");
        }

        try
        {
            using JsonDocument given = JsonDocument.Parse($"{{\"tracerConfig\":{config}\n}}");
            return new TraceForm(name, GethTraceOptions.Parse(given.RootElement) with { Tracer = tracer });
        }
        catch (Exception error) when (error is JsonException or FormatException or ArgumentException)
        {
            throw new UsageException($"--tracer-config: {PrintableText.Of(error.Message)}; an example: {{\"onlyTopCall\": true}}");
        }
    }

    /// <summary>The form as one line.</summary>
    public string LineOf(ReplayedMessage applied) => Encoding.UTF8.GetString(TraceJson.ToBytes(json => Write(json, applied)).Span);

    /// <summary>One line with the vector's name, the message's index, its gas and the form.</summary>
    public string NamedLineOf(ReplayedMessage applied) => Encoding.UTF8.GetString(TraceJson.ToBytes(json =>
    {
        json.WriteStartObject();
        json.WriteString("name", applied.Vector);
        json.WriteNumber("message", applied.Index);
        json.WriteNumber("gas_used", applied.Result.Receipt.GasUsed);
        json.WritePropertyName("trace");
        Write(json, applied);
        json.WriteEndObject();
    }).Span);

    private void Write(Utf8JsonWriter json, ReplayedMessage applied)
    {
        TracedTransaction transaction = new(applied.Machine, applied.Message, applied.Result, applied.StateBefore, applied.StateAfter);
        switch (_name)
        {
            case Tree:
                CallTreeJson.Write(json, transaction.Tree);
                break;
            case Parity:
                ParityTraces.Write(json, ParityTraces.Of(transaction.Outermost));
                break;
            case Replay:
                new ParityReplay(WithTrace: true, WithStateDiff: true).Write(json, transaction);
                break;
            default:
                GethTraces.Write(json, transaction, _options);
                break;
        }
    }
}
