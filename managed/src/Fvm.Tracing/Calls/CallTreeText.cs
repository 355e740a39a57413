using System.Globalization;
using Fvm.Actors;

namespace Fvm.Tracing;

/// <summary>Draws a call tree, one line per call.</summary>
public static class CallTreeText
{
    // A message may nest a thousand calls; deeper ones are counted instead of drawn.
    private const int MaxDepthDrawn = 12;

    /// <summary>The tree's lines. Text from actors is escaped.</summary>
    public static IEnumerable<string> Lines(CallTree tree)
    {
        yield return $"gas {Text(tree.TotalGas)} in all, {Text(tree.OwnGas)} of it outside of calls";
        Stack<(CallNode Node, string Indent, bool Last)> left = new();
        PushAll(left, tree.Calls, string.Empty);
        while (left.TryPop(out (CallNode Node, string Indent, bool Last) next))
        {
            yield return $"{next.Indent}{(next.Last ? "└─ " : "├─ ")}{Describe(next.Node)}";
            string indent = next.Indent + (next.Last ? "   " : "│  ");
            if (indent.Length / 3 < MaxDepthDrawn)
            {
                PushAll(left, next.Node.Calls, indent);
            }
            else if (next.Node.Descendants > 0)
            {
                yield return string.Create(CultureInfo.InvariantCulture, $"{indent}└─ … {next.Node.Descendants} calls further down");
            }
        }
    }

    private static void PushAll(Stack<(CallNode Node, string Indent, bool Last)> left, IReadOnlyList<CallNode> calls, string indent)
    {
        for (int index = calls.Count - 1; index >= 0; index--)
        {
            left.Push((calls[index], indent, index == calls.Count - 1));
        }
    }

    private static string Describe(CallNode node)
    {
        CallEvent call = node.Call;
        string value = call.Value.IsZero ? string.Empty : $", {call.Value.ToFil()} FIL";
        string parameters = call.Params is null ? string.Empty : $", {TextOf(node.Parameters, call.Params)}";
        string method = node.Method is null ? $"{call.Method}" : $"{call.Method} {node.Method.Name}";
        string readOnly = call.ReadOnly ? ", read-only" : string.Empty;
        string actor = node.Actor is null ? string.Empty : $" [{PrintableText.Of(node.Actor)}]";
        string result = node.Return?.Value is IpldBlock block ? $", {TextOf(node.Result, block)}" : string.Empty;
        string gas = node.InnerGas.IsZero ? Text(node.TotalGas) : $"{Text(node.TotalGas)}, own {Text(node.OwnGas)}";
        return $"f0{call.From} → {call.To}, method {method}{parameters}{value}{readOnly}{actor}: {node.End}{result} (gas {gas})";
    }

    private static string TextOf(DecodedValue? named, IpldBlock block) =>
        named is null ? CborText.Of(block.Codec, block.Data.Span) : named.ToLine();

    private static string Text(Gas gas) => (gas.Milli / 1000m).ToString("N3", CultureInfo.InvariantCulture);
}
