using System.Globalization;
using System.Text.Json;
using Fvm.Ipld;

namespace Fvm.Cli;

/// <summary>An actor of a chain's state to print.</summary>
internal sealed record ShownActor(ChainEpoch Epoch, Cid Root, ActorId Id, ActorState Actor, string? Name, byte[]? State)
{
    public void Write(TextWriter output)
    {
        output.WriteLine($"f0{Id}, before the messages of epoch {Epoch}");
        Field(output, "type", PrintableText.Of(Name ?? "not a builtin actor"));
        Field(output, "code", Actor.Code.ToString());
        Field(output, "balance", $"{Actor.Balance.ToFil()} FIL");
        Field(output, "nonce", Actor.Sequence.ToString(CultureInfo.InvariantCulture));
        Field(output, "delegated", Actor.DelegatedAddress?.ToString() ?? "none");
        Field(output, "state", Actor.State.ToString());
        foreach (string line in NamedStates.Lines(Name, State, Actor.State.Codec))
        {
            output.WriteLine($"    {line}");
        }
    }

    public void Write(Utf8JsonWriter json)
    {
        json.WriteNumber("epoch", Epoch.Value);
        json.WriteCid("state_root", Root);
        json.WriteNumber("id", Id.Value);
        json.WriteText("type", Name);
        json.WriteCid("code", Actor.Code);
        json.WriteAmount("balance", Actor.Balance);
        json.WriteNumber("nonce", Actor.Sequence);
        json.WriteText("delegated_address", Actor.DelegatedAddress?.ToString());
        json.WriteCid("state", Actor.State);
        NamedStates.Write(json, "state_fields", Name, State);
    }

    private static void Field(TextWriter output, string name, string value) => output.WriteLine($"  {name,-10} {value}");
}
