using System.Globalization;
using System.Text.Json;
using Fvm.Vectors;

namespace Fvm.Diff;

/// <summary>
/// Puts the lines of a trace into the order and units of the tree that the C interface hands over: a call with its invocation, its charges
/// (name, total, computation and the rest, each rounded up to whole gas), its calls, its logs, its blocks, and its result. Charges before
/// the outermost call count as its own, and what follows its return is dropped. A call that could not be dispatched has the exit code that the
/// interface gives it.
/// </summary>
internal static class TraceTree
{
    /// <summary>The lines in the order of the tree; none if there was no call.</summary>
    public static IReadOnlyList<string> Of(IReadOnlyList<string> trace)
    {
        List<string> lines = new(trace.Count);
        if (Outermost(trace) is Node call)
        {
            call.WriteTo(lines);
        }

        return lines;
    }

    /// <summary>A charge as a line of the tree. The check of a consensus fault counts as computation, however a machine divides it.</summary>
    public static string Charge(string name, ulong total, ulong compute, ulong other) => name == TraceText.FaultCheck
        ? Line(name, total, total, 0)
        : Line(name, total, compute, other);

    private static string Line(string name, ulong total, ulong compute, ulong other) =>
        string.Create(CultureInfo.InvariantCulture, $"[\"gas\",{JsonLine.Text(name)},{total},{compute},{other}]");

    private static Node? Outermost(IReadOnlyList<string> trace)
    {
        List<string> before = [];
        Stack<Node> open = new();
        foreach (string line in trace)
        {
            using JsonDocument parsed = JsonDocument.Parse(line);
            JsonElement item = parsed.RootElement;
            string kind = TraceLine.KindOf(item);
            if (kind == "call")
            {
                Node call = new(line);
                if (open.TryPeek(out Node? outer))
                {
                    outer.Calls.Add(call);
                }
                else
                {
                    call.Charges.AddRange(before);
                }

                open.Push(call);
                continue;
            }

            if (!open.TryPeek(out Node? current))
            {
                if (kind == "gas")
                {
                    before.Add(ChargeOf(item));
                }

                continue;
            }

            switch (kind)
            {
                case "gas": current.Charges.Add(ChargeOf(item)); break;
                case "invoke": current.Invoked = line; break;
                case "log": current.Logs.Add(line); break;
                case "ipld": current.Blocks.Add(line); break;
                case "return" or "error":
                    current.End = kind == "return" ? line : EndOf(item);
                    open.Pop();
                    if (open.Count == 0)
                    {
                        return current;
                    }

                    break;
                default: break;
            }
        }

        return null;
    }

    private static string ChargeOf(JsonElement item)
    {
        if (item.GetArrayLength() < 4 || item[1].ValueKind != JsonValueKind.String)
        {
            return item.GetRawText();
        }

        // A refund is negative, and not in the tree.
        ulong compute = Milligas(item[2]);
        ulong other = Milligas(item[3]);
        return Charge(item[1].GetString()!, RoundUp(unchecked(compute + other)), RoundUp(compute), RoundUp(other));
    }

    private static ulong Milligas(JsonElement element) =>
        element.ValueKind == JsonValueKind.Number && element.TryGetUInt64(out ulong number) ? number : 0;

    private static ulong RoundUp(ulong milligas) => Gas.OfMilli(milligas).RoundUp();

    private static string EndOf(JsonElement error)
    {
        uint number = error.GetArrayLength() > 1 && error[1].ValueKind == JsonValueKind.Number && error[1].TryGetUInt32(out uint read) ? read : 0;
        return string.Create(CultureInfo.InvariantCulture, $"[\"return\",{ExitCode.OfUndispatched((ErrorNumber)number).Value},null]");
    }

    private sealed class Node(string begin)
    {
        public string? Invoked { get; set; }

        public string? End { get; set; }

        public List<string> Charges { get; } = [];

        public List<Node> Calls { get; } = [];

        public List<string> Logs { get; } = [];

        public List<string> Blocks { get; } = [];

        // An explicit stack: the depth is chosen by whoever printed the trace.
        public void WriteTo(List<string> lines)
        {
            Stack<(Node Node, bool Entered)> left = new([(this, false)]);
            while (left.TryPop(out (Node Node, bool Entered) next))
            {
                if (next.Entered)
                {
                    next.Node.WriteEnd(lines);
                    continue;
                }

                next.Node.WriteBegin(lines);
                left.Push((next.Node, true));
                for (int index = next.Node.Calls.Count - 1; index >= 0; index--)
                {
                    left.Push((next.Node.Calls[index], false));
                }
            }
        }

        private void WriteBegin(List<string> lines)
        {
            lines.Add(begin);
            if (Invoked is not null)
            {
                lines.Add(Invoked);
            }

            lines.AddRange(Charges);
        }

        private void WriteEnd(List<string> lines)
        {
            lines.AddRange(Logs);
            lines.AddRange(Blocks);
            if (End is not null)
            {
                lines.Add(End);
            }
        }
    }
}
