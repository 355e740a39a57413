using System.CommandLine;
using System.Globalization;
using System.Net;
using Microsoft.Extensions.Logging;

namespace Fvm.Sidecar;

/// <summary>The options for watching the server.</summary>
internal sealed class TelemetryUsage
{
    private const string Text = "text";
    private const string Json = "json";

    private static readonly Dictionary<string, LogLevel> Levels = new(StringComparer.Ordinal)
    {
        ["debug"] = LogLevel.Debug,
        ["info"] = LogLevel.Information,
        ["warning"] = LogLevel.Warning,
        ["error"] = LogLevel.Error,
        ["none"] = LogLevel.None,
    };

    private readonly Option<string?> _metrics = new("--metrics")
    {
        Description = "Serve metrics for Prometheus at /metrics of this address, in plain HTTP and without a credential; a port alone is of loopback",
        HelpName = "[ADDRESS:]PORT",
    };

    private readonly Option<string?> _collector = new("--otlp")
    {
        Description =
            "Send traces to an OpenTelemetry collector, by gRPC (http://127.0.0.1:4317) or, with a path, HTTP (http://127.0.0.1:4318/v1/traces)",
        HelpName = "URL",
    };

    private readonly Option<double> _sampling = new("--otlp-sampling")
    {
        Description = "Share of the calls that are traced, where the client does not say (traceparent)",
        HelpName = "RATIO",
        DefaultValueFactory = static _ => 1,
        CustomParser = static result =>
        {
            string text = result.Tokens.Count == 1 ? result.Tokens[0].Value : string.Empty;
            if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value) && value is >= 0 and <= 1)
            {
                return value;
            }

            result.AddError($"--otlp-sampling: '{text}' is not a number from 0 to 1");
            return 0;
        },
    };

    private readonly Option<string> _level = Choice("--log-level", "Least level of log entries", "info", [.. Levels.Keys]);
    private readonly Option<string> _format = Choice("--log-format", "Form of log entries, one per line", Text, Text, Json);

    /// <summary>All options.</summary>
    public IEnumerable<Option> Options => [_metrics, _collector, _sampling, _level, _format];

    /// <summary>The settings that arguments ask for, added to others.</summary>
    /// <exception cref="UsageException">An address is malformed.</exception>
    public SidecarOptions Read(ParseResult parsed, SidecarOptions options) => options with
    {
        Metrics = MetricsAddress(parsed.GetValue(_metrics)),
        Collector = Collector(parsed.GetValue(_collector)),
        Sampling = parsed.GetValue(_sampling),
    };

    /// <summary>The log that arguments ask for.</summary>
    public LogLines Log(ParseResult parsed, TextWriter output) =>
        new(output, Levels[parsed.GetValue(_level) ?? "info"], parsed.GetValue(_format) == Json);

    private static IPEndPoint? MetricsAddress(string? text) => ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ushort port)
        ? new IPEndPoint(IPAddress.Loopback, port)
        : SidecarUsage.Endpoint("--metrics", text);

    private static Uri? Collector(string? text)
    {
        if (text is null)
        {
            return null;
        }

        return Uri.TryCreate(text, UriKind.Absolute, out Uri? url) && url.Scheme is "http" or "https" && url.Query.Length + url.Fragment.Length == 0
            ? url
            : throw new UsageException($"--otlp: '{text}' is not a URL such as http://127.0.0.1:4317 or http://127.0.0.1:4318/v1/traces");
    }

    private static Option<string> Choice(string name, string description, string standard, params string[] values)
    {
        Option<string> option = new(name) { Description = description, DefaultValueFactory = _ => standard };
        option.AcceptOnlyFromAmong(values);
        return option;
    }
}
