using System.Globalization;

namespace Fvm.Cli;

/// <summary>Draws the calls in a message's trace as a tree, each with its gas and result.</summary>
internal sealed class CallTree
{
    // A message may nest a thousand calls; deeper ones are counted instead of drawn.
    private const int MaxDepthDrawn = 12;

    private readonly Node _root = new() { Text = "message" };

    /// <param name="trace">The message's trace.</param>
    /// <param name="names">Maps an actor's code to its name, or null.</param>
    public CallTree(IReadOnlyList<ExecutionEvent> trace, Func<ActorState, string?> names)
    {
        Stack<Node> open = new();
        open.Push(_root);
        foreach (ExecutionEvent item in trace)
        {
            switch (item)
            {
                case GasChargeEvent charged:
                    open.Peek().Gas += charged.Charge.Total;
                    break;
                case CallEvent call:
                    Node child = new() { Text = Describe(call) };
                    open.Peek().Children.Add(child);
                    open.Push(child);
                    break;
                case InvokeActorEvent invoked:
                    open.Peek().Name = names(invoked.State) is string name ? PrintableText.Of(name) : null;
                    break;
                case CallReturnEvent returned:
                    Close(open, returned.ExitCode.Describe(), returned.Value);
                    break;
                case CallErrorEvent error:
                    Close(open, $"error {error.Error}", null);
                    break;
                default:
                    break;
            }
        }

        while (open.Count > 1)
        {
            Close(open, "no end", null);
        }
    }

    /// <summary>The tree's lines.</summary>
    public IEnumerable<string> Lines()
    {
        yield return $"gas {_root.Total.Milli / 1000m:N3} in all, {_root.Gas.Milli / 1000m:N3} of it outside of calls";
        Stack<(Node Node, string Indent, bool Last)> left = new();
        PushChildren(left, _root, string.Empty);
        while (left.TryPop(out (Node Node, string Indent, bool Last) next))
        {
            yield return $"{next.Indent}{(next.Last ? "└─ " : "├─ ")}{next.Node}";
            string indent = next.Indent + (next.Last ? "   " : "│  ");
            if (indent.Length / 3 < MaxDepthDrawn)
            {
                PushChildren(left, next.Node, indent);
            }
            else if (next.Node.Descendants > 0)
            {
                yield return string.Create(CultureInfo.InvariantCulture, $"{indent}└─ … {next.Node.Descendants} calls further down");
            }
        }
    }

    private static void PushChildren(Stack<(Node Node, string Indent, bool Last)> left, Node parent, string indent)
    {
        for (int index = parent.Children.Count - 1; index >= 0; index--)
        {
            left.Push((parent.Children[index], indent, index == parent.Children.Count - 1));
        }
    }

    // A child's gas and calls are added to its caller when it returns.
    private static void Close(Stack<Node> open, string end, IpldBlock? value)
    {
        if (open.Count == 1)
        {
            return;
        }

        Node node = open.Pop();
        node.End = value is null ? end : $"{end}, {CborText.Of(value.Codec, value.Data.Span)}";
        open.Peek().ChildGas += node.Total;
        open.Peek().Descendants += node.Descendants + 1;
    }

    private static string Describe(CallEvent call)
    {
        string value = call.Value.IsZero ? string.Empty : $", {call.Value.ToFil()} FIL";
        string parameters = call.Params is null ? string.Empty : $", {CborText.Of(call.Params.Codec, call.Params.Data.Span)}";
        return $"f0{call.From} → {call.To}, method {call.Method}{parameters}{value}{(call.ReadOnly ? ", read-only" : string.Empty)}";
    }

    private sealed class Node
    {
        public required string Text { get; init; }

        public string? Name { get; set; }

        public string End { get; set; } = string.Empty;

        public Gas Gas { get; set; }

        public Gas ChildGas { get; set; }

        public int Descendants { get; set; }

        public List<Node> Children { get; } = [];

        public Gas Total => Gas + ChildGas;

        public override string ToString() => string.Create(
            CultureInfo.InvariantCulture,
            $"{Text}{(Name is null ? string.Empty : $" [{Name}]")}: {End} (gas {Total.Milli / 1000m:N3})");
    }
}
