using System.Text.Json;
using Fvm.Actors;
using Fvm.Chain;
using Fvm.Ipld;

namespace Fvm.Node;

/// <summary>What has addresses in it, in Lotus's form.</summary>
/// <param name="network">By whose letter addresses begin.</param>
internal sealed class LotusForms(AddressNetwork network)
{
    private readonly LotusForm _decoded = new(network);

    /// <summary>An address.</summary>
    public string Text(in Address address) => address.ToString(network);

    /// <summary>Writes an address; null for none.</summary>
    public void WriteAddress(Utf8JsonWriter json, string name, Address? address)
    {
        if (address is Address present)
        {
            json.WriteString(name, Text(present));
        }
        else
        {
            json.WriteNull(name);
        }
    }

    /// <summary>Writes a message with its CID.</summary>
    /// <param name="json">Receives it.</param>
    /// <param name="message">The message.</param>
    /// <param name="cid">The CID that is shown: of the signed message where that is on the chain.</param>
    public void WriteMessage(Utf8JsonWriter json, Message message, in Cid cid)
    {
        json.WriteStartObject();
        json.WriteNumber("Version", message.Version);
        json.WriteString("To", Text(message.To));
        json.WriteString("From", Text(message.From));
        json.WriteNumber("Nonce", message.Sequence);
        json.WriteDecimal("Value", message.Value);
        json.WriteNumber("GasLimit", message.GasLimit);
        json.WriteDecimal("GasFeeCap", message.GasFeeCap);
        json.WriteDecimal("GasPremium", message.GasPremium);
        json.WriteNumber("Method", message.Method.Value);
        json.WriteBase64OrNull("Params", message.Params.Span);
        json.WriteCid("CID", in cid);
        json.WriteEndObject();
    }

    /// <summary>Writes a message with its own CID, whether it is signed or not.</summary>
    public void WriteMessage(Utf8JsonWriter json, Message message) =>
        WriteMessage(json, message, Cid.Blake2b256(Multicodec.DagCbor, message.Encode()));

    /// <summary>Writes a message with its signature.</summary>
    public void WriteSigned(Utf8JsonWriter json, ChainMessage message, ChainSignature signature)
    {
        json.WriteStartObject();
        json.WritePropertyName("Message");
        WriteMessage(json, message.Message, message.UnsignedCid);
        json.WriteSignature("Signature", signature);
        json.WriteCid("CID", message.Cid);
        json.WriteEndObject();
    }

    /// <summary>Writes a tipset.</summary>
    public void WriteTipset(Utf8JsonWriter json, Tipset tipset)
    {
        json.WriteStartObject();
        json.WriteKey("Cids", tipset.Cids);
        json.WriteStartArray("Blocks");
        foreach (BlockHeader block in tipset.Blocks)
        {
            WriteHeader(json, block);
        }

        json.WriteEndArray();
        json.WriteNumber("Height", tipset.Epoch.Value);
        json.WriteEndObject();
    }

    /// <summary>Writes a decoded state, parameter or result.</summary>
    public void WriteDecoded(Utf8JsonWriter json, DecodedValue? decoded)
    {
        if (decoded is null)
        {
            json.WriteNullValue();
        }
        else
        {
            decoded.Value.WriteTo(json, _decoded);
        }
    }

    /// <summary>Writes a change of the chain's end.</summary>
    /// <param name="json">Receives it.</param>
    /// <param name="kind">One of <c>current</c>, <c>apply</c>, <c>revert</c>.</param>
    /// <param name="tipset">The tipset that comes or goes.</param>
    public void WriteChange(Utf8JsonWriter json, string kind, Tipset tipset)
    {
        json.WriteStartObject();
        json.WriteString("Type", kind);
        json.WritePropertyName("Val");
        WriteTipset(json, tipset);
        json.WriteEndObject();
    }

    /// <summary>Writes a block's header.</summary>
    public void WriteHeader(Utf8JsonWriter json, BlockHeader block)
    {
        json.WriteStartObject();
        json.WriteString("Miner", Text(block.Miner));
        WriteElection(json, block);
        json.WriteKey("Parents", block.Parents);
        json.WriteDecimal("ParentWeight", block.ParentWeight);
        json.WriteNumber("Height", block.Epoch.Value);
        json.WriteCid("ParentStateRoot", block.ParentState);
        json.WriteCid("ParentMessageReceipts", block.ParentReceipts);
        json.WriteCid("Messages", block.Messages);
        json.WriteSignature("BLSAggregate", block.BlsAggregate);
        json.WriteNumber("Timestamp", block.Timestamp);
        json.WriteSignature("BlockSig", block.Signature);
        json.WriteNumber("ForkSignaling", block.ForkSignal);
        json.WriteDecimal("ParentBaseFee", block.BaseFee);
        json.WriteEndObject();
    }

    /// <summary>Writes an actor's entry of the state tree.</summary>
    public void WriteActor(Utf8JsonWriter json, ActorState actor)
    {
        json.WriteStartObject();
        json.WriteCid("Code", actor.Code);
        json.WriteCid("Head", actor.State);
        json.WriteNumber("Nonce", actor.Sequence);
        json.WriteDecimal("Balance", actor.Balance);
        WriteAddress(json, "DelegatedAddress", actor.DelegatedAddress);
        json.WriteEndObject();
    }

    private static void WriteElection(Utf8JsonWriter json, BlockHeader block)
    {
        if (block.Ticket is ReadOnlyMemory<byte> ticket)
        {
            json.WriteStartObject("Ticket");
            json.WriteBase64String("VRFProof", ticket.Span);
            json.WriteEndObject();
        }
        else
        {
            json.WriteNull("Ticket");
        }

        if (block.Election is ElectionProof election)
        {
            json.WriteStartObject("ElectionProof");
            json.WriteNumber("WinCount", election.WinCount);
            json.WriteBase64String("VRFProof", election.VrfProof.Span);
            json.WriteEndObject();
        }
        else
        {
            json.WriteNull("ElectionProof");
        }

        WriteList(json, "BeaconEntries", block.BeaconEntries, static (writer, entry) =>
        {
            writer.WriteNumber("Round", entry.Round);
            writer.WriteBase64String("Data", entry.Data.Span);
        });
        WriteList(json, "WinPoStProof", block.WinningPosts, static (writer, post) =>
        {
            writer.WriteNumber("PoStProof", post.Kind);
            writer.WriteBase64String("ProofBytes", post.Proof.Span);
        });
    }

    // Null for an empty one.
    private static void WriteList<T>(Utf8JsonWriter json, string name, IReadOnlyList<T> items, Action<Utf8JsonWriter, T> writeFields)
    {
        if (items.Count == 0)
        {
            json.WriteNull(name);
            return;
        }

        json.WriteStartArray(name);
        foreach (T item in items)
        {
            json.WriteStartObject();
            writeFields(json, item);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
