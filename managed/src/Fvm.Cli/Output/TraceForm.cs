using System.CommandLine;
using System.Text;
using System.Text.Json;
using Fvm.Tracing;
using Fvm.Vectors;

namespace Fvm.Cli;

/// <summary>The forms of a message's trace that <c>--trace-form</c> prints.</summary>
/// <param name="name">The form's name.</param>
internal sealed class TraceForm(string name)
{
    private const string Tree = "tree";
    private const string Parity = "parity";

    private static readonly string[] Names = [Tree, Parity];

    /// <summary>The option.</summary>
    public static Option<string?> Option(string shape)
    {
        Option<string?> option = new("--trace-form")
        {
            Description = $"Print {shape}, in this form: {string.Join(", ", Names)} (docs/command-line.md)",
            HelpName = "FORM",
        };
        option.AcceptOnlyFromAmong(Names);
        return option;
    }

    /// <summary>The form as one line.</summary>
    public string LineOf(AppliedMessage applied) => Encoding.UTF8.GetString(TraceJson.ToBytes(json => Write(json, applied)).Span);

    /// <summary>One line with the vector's name, the message's index, its gas and the form.</summary>
    public string NamedLineOf(AppliedMessage applied) => Encoding.UTF8.GetString(TraceJson.ToBytes(json =>
    {
        json.WriteStartObject();
        json.WriteString("name", applied.Vector);
        json.WriteNumber("message", applied.Index);
        json.WriteNumber("gas_used", applied.Result.Receipt.GasUsed);
        json.WritePropertyName("trace");
        Write(json, applied);
        json.WriteEndObject();
    }).Span);

    private void Write(Utf8JsonWriter json, AppliedMessage applied)
    {
        CallTree tree = CallTree.Of(applied.Result, ActorNames.Of(applied.Machine));
        switch (name)
        {
            case Tree:
                CallTreeJson.Write(json, tree);
                break;
            default:
                ParityTraces.Write(json, ParityTraces.Of(FrameOf(tree, applied)));
                break;
        }
    }

    private static EthFrame? FrameOf(CallTree tree, AppliedMessage applied) =>
        EthFrames.Of(tree, EthAddress.Find(applied.Message.From, applied.Machine.StateTree) ?? default);
}
