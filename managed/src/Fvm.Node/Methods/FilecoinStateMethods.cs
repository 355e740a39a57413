using Fvm.Actors;
using Fvm.Ipld;

namespace Fvm.Node;

/// <summary>The methods <c>Filecoin.State*</c> that read actors. The state of a tipset is that behind it, as for Ethereum's tools.</summary>
/// <param name="chain">The chain.</param>
/// <param name="forms">Writes addresses.</param>
internal sealed partial class FilecoinStateMethods(LocalChain chain, LotusForms forms)
{
    private readonly TipsetLookup _tipsets = new(chain);

    /// <summary>Adds all methods.</summary>
    public void AddTo(RpcRegistry registry)
    {
        AddNetwork(registry);
        AddAddresses(registry);
        FilecoinMethods.Add(registry, "StateGetActor", call => forms.WriteActor(call.Result, ActorIn(call, StateAt(call, 1)).Actor));
        FilecoinMethods.Add(registry, "StateReadState", call =>
        {
            StateView state = StateAt(call, 1);
            ActorState actor = ActorIn(call, state).Actor;
            byte[] block = state.Tree.Store.Get(actor.State) ?? throw TipsetLookup.Failure($"ipld: could not find {actor.State}");
            call.Result.WriteStartObject();
            call.Result.WriteDecimal("Balance", actor.Balance);
            call.Result.WriteCid("Code", actor.Code);
            call.Result.WritePropertyName("State");
            string? name = state.Actors.NameOf(actor.Code);
            forms.WriteDecoded(call.Result, name is null ? null : BuiltinActors.Table.DecodeState(name, chain.ActorsVersion, block));
            call.Result.WriteEndObject();
        });
        FilecoinMethods.Add(registry, "StateDecodeParams", call =>
        {
            StateView state = StateAt(call, 3);
            ActorState actor = ActorIn(call, state).Actor;
            ulong number = call.Parameters[1, "method"].Number();
            byte[] parameters = call.Parameters[2, "parameters"].Base64();
            ActorMethod method = state.Actors.NameOf(actor.Code) is string name
                && BuiltinActors.Table.FindMethod(name, chain.ActorsVersion, new MethodNumber(number)) is ActorMethod found
                    ? found
                    : throw TipsetLookup.Failure($"method number {number} not found for actor {actor.Code}");
            forms.WriteDecoded(call.Result, parameters.Length == 0 ? null : method.DecodeParameters(new IpldBlock(Multicodec.Cbor, parameters)));
        });
    }

    private StateView StateAt(RpcCall call, int index) => chain.StateOf(_tipsets.Find(call.Parameters[index, "tipset"]));

    private (ActorId Id, ActorState Actor) ActorIn(RpcCall call, StateView state)
    {
        Address address = call.Parameters[0, "address"].FilecoinAddress();
        return state.Tree.LookupId(address) is ActorId id && state.Tree.GetActor(id) is ActorState actor
            ? (id, actor)
            : throw TipsetLookup.Failure("actor not found");
    }

    private void AddAddresses(RpcRegistry registry)
    {
        FilecoinMethods.Add(registry, "StateLookupID", call =>
        {
            // Lotus does not look whether an ID has an actor.
            Address address = call.Parameters[0, "address"].FilecoinAddress();
            Address id = address.Protocol == AddressProtocol.Id ? address : Address.NewId(ActorIn(call, StateAt(call, 1)).Id);
            call.Result.WriteStringValue(forms.Text(id));
        });
        FilecoinMethods.Add(registry, "StateAccountKey", call =>
        {
            StateView state = StateAt(call, 1);
            Address address = call.Parameters[0, "address"].FilecoinAddress();
            if (address.Protocol is AddressProtocol.Id or AddressProtocol.Actor && ActorIn(call, state).Actor is { } actor
                && !state.Actors.IsAccount(actor.Code) && !state.IsSender(actor))
            {
                throw TipsetLookup.Failure($"failed to get account actor state for {forms.Text(address)}: it is no account");
            }

            call.Result.WriteStringValue(forms.Text(state.KeyOf(address)
                ?? throw TipsetLookup.Failure($"actor not found: {forms.Text(address)} has no key")));
        });
        FilecoinMethods.Add(registry, "StateLookupRobustAddress", call =>
        {
            StateView state = StateAt(call, 1);
            (ActorId id, ActorState actor) = ActorIn(call, state);
            Address robust = actor.DelegatedAddress ?? (state.Actors.IsAccount(actor.Code) ? state.KeyOf(Address.NewId(id)) : RobustOf(state, id))
                ?? throw TipsetLookup.Failure($"address not found: f0{id} has no robust address");
            call.Result.WriteStringValue(forms.Text(robust));
        });
    }

    // The init actor maps robust addresses to IDs, not the other way.
    private static Address? RobustOf(StateView state, ActorId wanted)
    {
        if (state.Tree.GetActor(ActorId.Init) is not ActorState init)
        {
            return null;
        }

        IBlockstore store = state.Tree.Store;
        InitActorState decoded = InitActorState.Decode(store.Get(init.State) ?? throw new FatalException("the init actor's state is missing"));
        foreach (HamtEntry entry in Hamt.Load(store, decoded.AddressMap, HamtOptions.State).Entries(keep: false))
        {
            CborReader reader = new(entry.Value.Span);
            if (reader.ReadUInt() == wanted.Value && Address.TryFromBytes(entry.Key.Span, out Address address))
            {
                return address;
            }
        }

        return null;
    }

    private void AddNetwork(RpcRegistry registry)
    {
        FilecoinMethods.Add(registry, "Version", call =>
        {
            call.Result.WriteStartObject();
            call.Result.WriteString("Version", $"fvm-{BuildVersion.Text}+{chain.Network.Name}");
            call.Result.WriteNumber("APIVersion", ApiVersion);
            call.Result.WriteNumber("BlockDelay", chain.Network.BlockDelay);
            call.Result.WriteString("Agent", $"fvm-{BuildVersion.Text}");
            call.Result.WriteEndObject();
        });
        FilecoinMethods.Add(registry, "StateNetworkName", call => call.Result.WriteStringValue(chain.Network.Name));
        FilecoinMethods.Add(registry, "StateNetworkVersion", call =>
        {
            ulong epoch = _tipsets.Find(call.Parameters[0, "tipset"]).Number;
            call.Result.WriteNumberValue(chain.Network.Upgrades.VersionAt(new ChainEpoch((long)epoch)));
        });
        FilecoinMethods.Add(registry, "StateActorCodeCIDs", call =>
        {
            Manifest actors = chain.StateOf(chain.Head).Actors;
            call.Result.WriteStartObject();
            foreach (Cid code in actors.Codes.ToArray())
            {
                call.Result.WriteCid(actors.NameOf(code)!, code);
            }

            call.Result.WriteEndObject();
        });
        FilecoinMethods.Add(registry, "StateGetRandomnessDigestFromBeacon", async call => await WriteRandomnessAsync(call, beacon: true));
        FilecoinMethods.Add(registry, "StateGetRandomnessDigestFromTickets", async call => await WriteRandomnessAsync(call, beacon: false));
        FilecoinMethods.Add(registry, "StateListActors", call =>
        {
            List<ulong> ids = [];
            StateAt(call, 0).Tree.ForEach((id, _) => ids.Add(id.Value));
            ids.Sort();
            WriteIds(call, ids);
        });
        FilecoinMethods.Add(registry, "StateListMiners", call =>
        {
            List<ulong> ids = [];
            StateView state = StateAt(call, 0);
            state.Tree.ForEach((id, actor) =>
            {
                if (state.IsMiner(actor))
                {
                    ids.Add(id.Value);
                }
            });
            ids.Sort();
            WriteIds(call, ids);
        });
    }

    private async Task WriteRandomnessAsync(RpcCall call, bool beacon)
    {
        ChainEpoch epoch = new(call.Parameters[0, "epoch"].Signed());
        LocalBlock block = _tipsets.Find(call.Parameters[1, "tipset"]);
        if (epoch > block.Tipset.Epoch)
        {
            throw TipsetLookup.Failure($"cannot draw randomness from the future: epoch {epoch}, the tipset is of {block.Number}");
        }

        call.Result.WriteBase64StringValue(await chain.ReadAsync(() =>
        {
            IExterns externs = chain.Executor.ExternsOf(block.Tipset, block.Tipset.Epoch, block.State);
            return beacon ? externs.GetBeaconRandomness(epoch) : externs.GetChainRandomness(epoch);
        }));
    }

    private void WriteIds(RpcCall call, IEnumerable<ulong> ids)
    {
        call.Result.WriteStartArray();
        foreach (ulong id in ids)
        {
            call.Result.WriteStringValue(forms.Text(Address.NewId(id)));
        }

        call.Result.WriteEndArray();
    }

    // That of Lotus's version 1 of the API: 2.3.0.
    private const int ApiVersion = 0x20300;
}
