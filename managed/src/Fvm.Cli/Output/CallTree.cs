using System.Globalization;
using System.Text.Json;
using Fvm.Actors;

namespace Fvm.Cli;

/// <summary>Draws the calls in a message's trace as a tree, each with its gas and result.</summary>
internal sealed class CallTree
{
    // A message may nest a thousand calls; deeper ones are counted instead of drawn.
    private const int MaxDepthDrawn = 12;

    private readonly ActorNames _names;
    private readonly Node _root = new();

    /// <param name="trace">The message's trace.</param>
    /// <param name="names">The names of actors and methods.</param>
    public CallTree(IReadOnlyList<ExecutionEvent> trace, ActorNames names)
    {
        _names = names;
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
                    Node child = new() { Call = call };
                    open.Peek().Children.Add(child);
                    open.Push(child);
                    break;
                case InvokeActorEvent invoked:
                    Invoke(open.Peek(), invoked);
                    break;
                case CallReturnEvent returned:
                    open.Peek().Return = returned;
                    Close(open, returned.ExitCode.Describe());
                    break;
                case CallErrorEvent error:
                    Close(open, $"error {error.Error}");
                    break;
                default:
                    break;
            }
        }

        while (open.Count > 1)
        {
            Close(open, "no end");
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

    /// <summary>The value returned by the message's receiver, by the names of its fields; null if there is none, or it has no names.</summary>
    public DecodedValue? Result => _root.Children.Count > 0 ? _root.Children[0].Result : null;

    /// <summary>Writes the calls in order, each with its depth.</summary>
    public void WriteTo(Utf8JsonWriter json)
    {
        json.WriteStartArray("calls");
        Stack<(Node Node, int Depth)> left = new();
        left.Push((_root, -1));
        while (left.TryPop(out (Node Node, int Depth) next))
        {
            next.Node.WriteTo(json, next.Depth);
            for (int index = next.Node.Children.Count - 1; index >= 0; index--)
            {
                left.Push((next.Node.Children[index], next.Depth + 1));
            }
        }

        json.WriteEndArray();
    }

    private void Invoke(Node node, InvokeActorEvent invoked)
    {
        node.Name = _names.NameOf(invoked.State.Code);
        node.Method = node.Call is null ? null : _names.MethodOf(node.Name, node.Call.Method);
    }

    // A child's gas and calls are added to its caller when it returns.
    private static void Close(Stack<Node> open, string end)
    {
        if (open.Count == 1)
        {
            return;
        }

        Node node = open.Pop();
        node.End = end;
        open.Peek().ChildGas += node.Total;
        open.Peek().Descendants += node.Descendants + 1;
    }

    private sealed class Node
    {
        // Null for the message, the root.
        public CallEvent? Call { get; init; }

        public CallReturnEvent? Return { get; set; }

        public string? Name { get; set; }

        public ActorMethod? Method { get; set; }

        public string End { get; set; } = string.Empty;

        public Gas Gas { get; set; }

        public Gas ChildGas { get; set; }

        public int Descendants { get; set; }

        public List<Node> Children { get; } = [];

        public Gas Total => Gas + ChildGas;

        public DecodedValue? Parameters => Method?.DecodeParameters(Call!.Params);

        public DecodedValue? Result => Method?.DecodeResult(Return?.Value);

        public void WriteTo(Utf8JsonWriter json, int depth)
        {
            if (Call is null)
            {
                return;
            }

            json.WriteStartObject();
            json.WriteNumber("depth", depth);
            json.WriteNumber("from", Call.From.Value);
            json.WriteString("to", Call.To.ToString());
            json.WriteText("actor", Name);
            json.WriteNumber("method", Call.Method.Value);
            json.WriteText("method_name", Method?.Name);
            WriteNamed(json, "parameters", Parameters);
            json.WriteAmount("value", Call.Value);
            json.WriteNumberOrNull("exit_code", Return?.ExitCode.Value);
            WriteNamed(json, "result", Result);
            json.WriteNumber("gas_milligas", Total.Milli);
            json.WriteEndObject();
        }

        public override string ToString()
        {
            string name = Name is null ? string.Empty : $" [{PrintableText.Of(Name)}]";
            string result = Return?.Value is null ? string.Empty : $", {TextOf(Result, Return.Value)}";
            return string.Create(CultureInfo.InvariantCulture, $"{Describe(Call!)}{name}: {End}{result} (gas {Total.Milli / 1000m:N3})");
        }

        private string Describe(CallEvent call)
        {
            string value = call.Value.IsZero ? string.Empty : $", {call.Value.ToFil()} FIL";
            string parameters = call.Params is null ? string.Empty : $", {TextOf(Parameters, call.Params)}";
            string method = Method is null ? $"{call.Method}" : $"{call.Method} {Method.Name}";
            return $"f0{call.From} → {call.To}, method {method}{parameters}{value}{(call.ReadOnly ? ", read-only" : string.Empty)}";
        }

        private static string TextOf(DecodedValue? named, IpldBlock block) =>
            named is null ? CborText.Of(block.Codec, block.Data.Span) : named.ToLine();

        private static void WriteNamed(Utf8JsonWriter json, string field, DecodedValue? value)
        {
            json.WritePropertyName(field);
            if (value is null || value.Misfit is not null)
            {
                json.WriteNullValue();
            }
            else
            {
                value.Value.WriteTo(json);
            }
        }
    }
}
