using System.Globalization;
using System.Net;
using System.Text;
using Fvm.Actors;

namespace Fvm.Diff;

/// <summary>A report of comparisons as one HTML page without scripts or other files. Everything that sides or vectors say is escaped.</summary>
public sealed class HtmlReport(string a, string b)
{
    // A page for people: of more differences only the number is told.
    private const int MaxDifferences = 1000;
    private const int MaxShown = 4000;

    private const string Head = """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
        <title>fvm diff</title>
        <style>
        :root { color-scheme: light dark; --a: #fde2e1; --b: #dcf3e0; --line: #8886; --quiet: #777; }
        @media (prefers-color-scheme: dark) { :root { --a: #4a1f1e; --b: #1b3d24; --quiet: #999; } }
        body { font: 15px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 80rem; padding: 0 1rem; }
        h1 { font-size: 1.4rem; } h2 { font-size: 1.05rem; margin-top: 2.2rem; overflow-wrap: anywhere; }
        table { border-collapse: collapse; width: 100%; }
        th, td { text-align: left; vertical-align: top; padding: .3rem .6rem; border: 1px solid var(--line); }
        td, code, pre { font: 13px/1.4 ui-monospace, monospace; overflow-wrap: anywhere; }
        pre { white-space: pre-wrap; border: 1px solid var(--line); padding: .6rem; }
        .a { background: var(--a); } .b { background: var(--b); } .quiet { color: var(--quiet); }
        </style>
        </head>
        <body>
        """;

    private readonly StringBuilder _body = new();
    private int _shown;

    /// <summary>Adds a comparison; those without a difference are only counted by the summary.</summary>
    public void Add(VectorComparison comparison)
    {
        if (comparison.Reason is string reason)
        {
            _body.Append("<h2>").Append(Text(comparison.Name)).Append("</h2><p class=quiet>").Append(Text(reason)).Append("</p>\n");
        }

        if (comparison.Status != ComparisonStatus.Different || ++_shown > MaxDifferences)
        {
            return;
        }

        string message = comparison.Message is int index ? $", message {index.ToString(CultureInfo.InvariantCulture)}" : string.Empty;
        _body.Append("<h2>").Append(Text(comparison.Name)).Append(message).Append("</h2>\n<table><tr><th>field<th>").Append(Text(a));
        _body.Append("<th>").Append(Text(b)).Append("</tr>\n");
        foreach (FieldDifference field in comparison.Fields)
        {
            _body.Append("<tr><td>").Append(Text(field.Field)).Append("<td class=a>").Append(Text(field.A));
            _body.Append("<td class=b>").Append(Text(field.B)).Append("</tr>\n");
        }

        _body.Append("</table>\n");
        if (comparison.Trace is TraceDivergence trace)
        {
            Add(trace);
        }

        if (comparison.States is StateComparison states)
        {
            Add(states);
        }
    }

    /// <summary>The page.</summary>
    public string Page(ComparisonSummary summary) =>
        $"{Head}\n<h1>{Text(a)} and {Text(b)}</h1>\n<p>{Text(summary.ToString())}</p>\n{_body}{More()}</body>\n</html>\n";

    private string More() => _shown > MaxDifferences
        ? string.Create(CultureInfo.InvariantCulture, $"<p>and {_shown - MaxDifferences} more that differ</p>\n")
        : string.Empty;

    private void Add(TraceDivergence trace)
    {
        _body.Append(CultureInfo.InvariantCulture, $"<p>Trace line {trace.Line}, within");
        _body.Append(trace.Order == TraceOrder.Tree ? " (in the order of the C interface):</p>\n" : ":</p>\n");
        AddCalls(trace.CallsA, trace.CallsA.SequenceEqual(trace.CallsB) ? string.Empty : a);
        if (!trace.CallsA.SequenceEqual(trace.CallsB))
        {
            AddCalls(trace.CallsB, b);
        }

        _body.Append("<pre>");
        for (int index = 0; index < trace.Before.Count; index++)
        {
            AddLine(trace.Line - trace.Before.Count + index, trace.Before[index], side: null);
        }

        AddSide(trace.Line, trace.A, "a");
        AddSide(trace.Line, trace.B, "b");
        _body.Append("</pre>\n");
    }

    private void Add(StateComparison states)
    {
        _body.Append("<p>The states after the last message");
        if (states.Note is string note)
        {
            _body.Append(" differ, and are not compared: ").Append(Text(note)).Append("</p>\n");
            return;
        }

        _body.Append(":</p>\n<table><tr><th>path<th>").Append(Text(a)).Append("<th>").Append(Text(b)).Append("</tr>\n");
        foreach (StateDifference difference in states.Differences)
        {
            _body.Append("<tr><td>").Append(Text(difference.Path));
            if (difference.Problem is string problem)
            {
                _body.Append("<td colspan=2 class=quiet>").Append(Text(problem)).Append("</tr>\n");
                continue;
            }

            _body.Append("<td class=a>").Append(Text(difference.Before ?? "none"));
            _body.Append("<td class=b>").Append(Text(difference.After ?? "none")).Append("</tr>\n");
        }

        _body.Append(states.IsTruncated ? "</table>\n<p>and more</p>\n" : "</table>\n");
    }

    private void AddCalls(IReadOnlyList<CallStackEntry> calls, string side)
    {
        _body.Append("<pre>");
        if (side.Length > 0)
        {
            _body.Append("<span class=quiet>").Append(Text(side)).Append("</span>\n");
        }

        for (int depth = 0; depth < calls.Count; depth++)
        {
            _body.Append(' ', Math.Min(depth, 20) * 2).Append(Text(calls[depth].ToString())).Append('\n');
        }

        _body.Append(calls.Count == 0 ? "no call</pre>\n" : "</pre>\n");
    }

    private void AddSide(int first, IReadOnlyList<string> lines, string side)
    {
        if (lines.Count == 0)
        {
            AddLine(first, "the trace's end", side);
        }

        for (int index = 0; index < lines.Count; index++)
        {
            AddLine(first + index, lines[index], side);
        }
    }

    private void AddLine(int number, string line, string? side)
    {
        _body.Append("<span class=quiet>").Append(CultureInfo.InvariantCulture, $"{number,7}").Append("</span> ");
        if (side is null)
        {
            _body.Append(Text(line)).Append('\n');
        }
        else
        {
            _body.Append("<span class=").Append(side).Append('>').Append(Text(line)).Append("</span>\n");
        }
    }

    // Control characters and reordered text are made visible first.
    private static string Text(string text)
    {
        string shown = text.Length <= MaxShown ? text : $"{text.AsSpan(0, MaxShown)}… ({text.Length} characters)";
        return WebUtility.HtmlEncode(PrintableText.Of(shown));
    }
}
