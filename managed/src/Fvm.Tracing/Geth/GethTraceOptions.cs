using System.Text.Json;

namespace Fvm.Tracing;

/// <summary>The options of debug_traceTransaction and its relatives.</summary>
public sealed record GethTraceOptions
{
    private const string TracerField = "tracer";
    private const string ConfigField = "tracerConfig";

    /// <summary>The tracer; null for Geth's default, the opcodes.</summary>
    public GethTracer? Tracer { get; init; }

    /// <summary>callTracer: without the calls within the outermost one.</summary>
    public bool OnlyTopCall { get; init; }

    /// <summary>callTracer: with logs.</summary>
    public bool WithLog { get; init; }

    /// <summary>prestateTracer: what differs, before and after, instead of everything before.</summary>
    public bool DiffMode { get; init; }

    /// <summary>prestateTracer: without code.</summary>
    public bool DisableCode { get; init; }

    /// <summary>prestateTracer, and opcodes: without storage.</summary>
    public bool DisableStorage { get; init; }

    /// <summary>Opcodes: without stack.</summary>
    public bool DisableStack { get; init; }

    /// <summary>Opcodes: with memory.</summary>
    public bool EnableMemory { get; init; }

    /// <summary>Opcodes: with what the last call returned.</summary>
    public bool EnableReturnData { get; init; }

    /// <summary>Opcodes: the number of steps that are written; 0 for all.</summary>
    public long Limit { get; init; }

    /// <summary>
    /// Reads the options' object as Geth takes it: <c>tracer</c> and <c>tracerConfig</c>, and the options of the trace of opcodes beside them.
    /// Others are ignored.
    /// </summary>
    /// <exception cref="FormatException">An option has another type, or the tracer is not known.</exception>
    public static GethTraceOptions Parse(JsonElement? options)
    {
        if (options is not { ValueKind: not (JsonValueKind.Null or JsonValueKind.Undefined) } given)
        {
            return new GethTraceOptions();
        }

        if (given.ValueKind != JsonValueKind.Object)
        {
            throw new FormatException("trace options: expected an object, for example {\"tracer\": \"callTracer\"}");
        }

        JsonElement? config = given.TryGetProperty(ConfigField, out JsonElement inner) && inner.ValueKind == JsonValueKind.Object ? inner : null;
        GethTracer? tracer = ReadTracer(given);
        return new GethTraceOptions
        {
            Tracer = tracer,
            DisableStack = Flag(given, "disableStack"),
            EnableMemory = Flag(given, "enableMemory") || (given.TryGetProperty("disableMemory", out _) && !Flag(given, "disableMemory")),
            EnableReturnData = Flag(given, "enableReturnData"),
            Limit = ReadLimit(given),
            OnlyTopCall = Flag(config, "onlyTopCall"),
            WithLog = Flag(config, "withLog"),
            DiffMode = Flag(config, "diffMode"),
            DisableCode = Flag(config, "disableCode"),
            DisableStorage = Flag(tracer is null ? given : config, "disableStorage"),
        };
    }

    private static GethTracer? ReadTracer(JsonElement options)
    {
        if (!options.TryGetProperty(TracerField, out JsonElement value) || value.ValueKind == JsonValueKind.Null) return null;

        string name = value.ValueKind == JsonValueKind.String ? TextOf(value) : value.ValueKind.ToString();
        return name.Length == 0 ? null
            : GethTracers.TryParse(name, out GethTracer tracer) ? tracer
            : throw new FormatException($"the tracer {PrintableText.Of(name)} is not known: there are {string.Join(", ", GethTracers.Names)}");
    }

    private static string TextOf(JsonElement value)
    {
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair.
            throw new FormatException("trace options: the tracer's name is no valid Unicode");
        }
    }

    private static long ReadLimit(JsonElement options)
    {
        if (!options.TryGetProperty("limit", out JsonElement value) || value.ValueKind == JsonValueKind.Null) return 0;

        return value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out long limit) && limit >= 0
            ? limit
            : throw new FormatException("trace options: limit is a number of steps, 0 for all");
    }

    private static bool Flag(JsonElement? options, string name) =>
        options is JsonElement given && given.TryGetProperty(name, out JsonElement value) && value.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False or JsonValueKind.Null => false,
            _ => throw new FormatException($"trace options: {name} is true or false"),
        };
}
