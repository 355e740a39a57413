using System.Text.Json;
using Fvm.Ipld;
using Fvm.Vectors;

namespace Fvm.Cli;

/// <summary>Writes the content of a CAR file as JSON: per root a state tree's actors, a bundle's manifest, or a block.</summary>
/// <param name="car">The CAR file.</param>
/// <param name="bundle">A bundle for the actors' names, if the file does not contain the manifest.</param>
internal sealed class CarJson(CarStore car, CarStore? bundle)
{
    private bool _sound = true;

    /// <param name="json">Receives the fields.</param>
    /// <param name="only">The one actor to show; null for all.</param>
    /// <returns>Whether all blocks present are well-formed.</returns>
    /// <exception cref="InputException">The actor does not exist, or a block on the path to it is missing or malformed.</exception>
    public bool Write(Utf8JsonWriter json, Address? only)
    {
        json.WriteString("kind", "car");
        json.WriteNumber("blocks", car.Count);
        json.WriteNumber("block_bytes", car.BlockBytes);
        json.WriteObjects("roots", car.Roots, (json, root) => WriteRoot(json, root, only));
        return _sound;
    }

    private void WriteRoot(Utf8JsonWriter json, Cid root, Address? only)
    {
        json.WriteCid("cid", root);
        if (car.Get(root) is not byte[] block)
        {
            json.WriteString("kind", "missing");
        }
        else if (StateRoot.TryDecode(in root, block) is StateRoot state)
        {
            json.WriteString("kind", "state_tree");
            WriteState(json, root, state, only);
        }
        else if (Manifest.TryDecodeRoot(in root, block) is Cid list)
        {
            json.WriteString("kind", "bundle");
            WriteManifest(json, list);
        }
        else
        {
            json.WriteString("kind", "block");
            json.WriteBase64String("block", block);
        }
    }

    private void WriteManifest(Utf8JsonWriter json, Cid list)
    {
        (string Name, Cid Code)[] actors = [];
        string? problem = null;
        try
        {
            actors = car.Get(list) is byte[] block ? Manifest.DecodeList(block) : [];
            problem = car.Has(list) ? null : "it is not in the file";
        }
        catch (CborException exception)
        {
            problem = $"it is malformed: {exception.Message}";
            _sound = false;
        }

        json.WriteCid("list", list);
        json.WriteText("no_list_because", problem);
        json.WriteObjects("actors", actors, (json, actor) =>
        {
            json.WriteString("name", actor.Name);
            json.WriteCid("code", actor.Code);
            json.WriteNumberOrNull("bytes", (ulong?)car.Get(actor.Code)?.Length);
        });
    }

    private void WriteState(Utf8JsonWriter json, Cid root, StateRoot decoded, Address? only)
    {
        LayeredBlockstore store = new(new MemoryBlockstore(), car, bundle ?? (IBlockstore)new MemoryBlockstore());
        StateSurvey survey = StateSurvey.Of(decoded, store);
        json.WriteNumber("version", (int)decoded.Version);
        IEnumerable<(ActorId Id, ActorState State)> actors = survey.Actors;
        if (only is Address address)
        {
            actors = [ActorLookup.Find(store, root, decoded.Version, address) ?? throw new InputException($"the state has no actor {address}")];
        }
        else
        {
            _sound &= !survey.IsMalformed;
        }

        json.WriteObjects("actors", actors, (json, actor) => WriteActor(json, actor.Id, actor.State, survey));
        json.WriteNumber("nodes", survey.KnownNodes);
        json.WriteTexts("missing_nodes", survey.Tree.Missing.Select(static node => node.ToString()));
        json.WriteObjects("malformed_nodes", survey.Tree.Malformed, static (json, node) =>
        {
            json.WriteCid("cid", node.Node);
            json.WriteString("reason", node.Reason);
        });
        json.WriteObjects("malformed_actors", survey.MalformedActors, static (json, actor) =>
        {
            json.WriteString("key", actor.Actor);
            json.WriteString("reason", actor.Reason);
        });
        json.WriteText("no_names_because", survey.NamesProblem);
    }

    private void WriteActor(Utf8JsonWriter json, ActorId id, ActorState actor, StateSurvey survey)
    {
        json.WriteNumber("id", id.Value);
        json.WriteText("type", survey.NameOf(actor));
        json.WriteCid("code", actor.Code);
        json.WriteAmount("balance", actor.Balance);
        json.WriteNumber("nonce", actor.Sequence);
        json.WriteText("delegated_address", actor.DelegatedAddress?.ToString());
        json.WriteCid("state", actor.State);
        if (car.Get(actor.State) is byte[] block)
        {
            json.WriteBase64String("state_block", block);
        }
        else
        {
            json.WriteNull("state_block");
        }

        NamedStates.Write(json, "state_fields", survey.NameOf(actor), car.Get(actor.State));
    }
}
