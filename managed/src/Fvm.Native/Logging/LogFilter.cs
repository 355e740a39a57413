namespace Fvm.Native;

/// <summary>
/// A filter in the syntax of <c>RUST_LOG</c>: comma-separated directives, each a level, a target (all levels of it), or
/// <c>target=level</c>; a text pattern after a slash is ignored. A target matches by prefix; the longest match decides.
/// </summary>
internal sealed class LogFilter
{
    private readonly List<(string Target, LogLevel Level)> _directives = [];

    private LogFilter()
    {
    }

    /// <summary>Why the directives are malformed; null if they are valid. A malformed filter shows nothing.</summary>
    public string? Problem { get; private init; }

    /// <summary>Parses directives.</summary>
    /// <param name="text">The variable's value; null if not set, which shows nothing.</param>
    public static LogFilter Parse(string? text)
    {
        LogFilter filter = new();
        foreach (string part in (text ?? string.Empty).Split('/')[0].Split(','))
        {
            string directive = part.Trim();
            string[] sides = directive.Split('=');
            if (sides.Length > 2 || directive.AsSpan().ContainsAny(' ', '\t'))
            {
                return Malformed(directive);
            }

            if (directive.Length == 0)
            {
                continue;
            }

            if (sides.Length == 1)
            {
                filter._directives.Add(TryParseLevel(directive, out LogLevel all) ? (string.Empty, all) : (directive, LogLevel.Trace));
            }
            else if (sides[1].Length == 0)
            {
                filter._directives.Add((sides[0], LogLevel.Trace));
            }
            else if (TryParseLevel(sides[1], out LogLevel level))
            {
                filter._directives.Add((sides[0], level));
            }
            else
            {
                return Malformed(directive);
            }
        }

        return filter;
    }

    /// <summary>Whether lines of a target and level are shown.</summary>
    public bool Shows(string target, LogLevel level)
    {
        int longest = -1;
        LogLevel most = LogLevel.Off;
        foreach ((string prefix, LogLevel shown) in _directives)
        {
            if (prefix.Length >= longest && target.StartsWith(prefix, StringComparison.Ordinal))
            {
                longest = prefix.Length;
                most = shown;
            }
        }

        return level <= most;
    }

    private static LogFilter Malformed(string directive) =>
        new() { Problem = $"the logger cannot be started: RUST_LOG has a malformed part '{directive}'" };

    private static bool TryParseLevel(string text, out LogLevel level)
    {
        (bool known, level) = text.ToLowerInvariant() switch
        {
            "off" => (true, LogLevel.Off),
            "error" => (true, LogLevel.Error),
            "warn" => (true, LogLevel.Warn),
            "info" => (true, LogLevel.Info),
            "debug" => (true, LogLevel.Debug),
            "trace" => (true, LogLevel.Trace),
            _ => (false, LogLevel.Off),
        };
        return known;
    }
}
