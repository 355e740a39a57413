using System.Numerics;
using System.Text.Json;
using Fvm.Ipld;

namespace Fvm.Node;

/// <summary>The methods <c>Filecoin.State*</c> about miners, the market and DataCap, and the parameters of the network.</summary>
/// <param name="chain">The chain.</param>
/// <param name="forms">Writes addresses.</param>
internal sealed class FilecoinStorageMethods(LocalChain chain, LotusForms forms)
{
    // Widths of the HAMTs of the market's balances, and where the fields are in the actors' states (builtin-actors, v10 to v19).
    private const int BalanceWidth = 6;
    private const int ClaimsField = 13;
    private const int EscrowField = 3;
    private const int LockedField = 4;
    private const int RawPowerField = 0;
    private const int QualityPowerField = 2;
    private const int MinersAboveMinimumField = 10;
    private const int MaxItems = 10_000;
    private const int ChallengeDelay = 150;

    private static readonly Address Power = Address.NewId(ActorId.StoragePower);
    private static readonly Address Market = Address.NewId(ActorId.StorageMarket);
    private static readonly Address VerifiedRegistry = Address.NewId(ActorId.VerifiedRegistry);
    private static readonly Address DataCap = Address.NewId(ActorId.DataCap);

    // 10 TiB: below that no miner counts, unless it is one of fewer than four.
    private static readonly BigInteger MinPower = BigInteger.One * 10 << 40;
    private const int FewMiners = 4;

    private readonly TipsetLookup _tipsets = new(chain);

    /// <summary>Adds all methods.</summary>
    public void AddTo(RpcRegistry registry)
    {
        FilecoinMethods.Add(registry, "StateMinerInfo", call => WriteMiner(call.Result, StateAt(call), AddressIn(call)));
        FilecoinMethods.Add(registry, "StateMinerPower", call => WritePower(call.Result, StateAt(call), AddressIn(call)));
        FilecoinMethods.Add(registry, "StateMarketBalance", call =>
        {
            StateView state = StateAt(call);
            Address id = IdOf(state, AddressIn(call));
            call.Result.WriteStartObject();
            call.Result.WriteDecimal("Escrow", Amount(Lookup(state, Market, EscrowField, BalanceWidth, id.ToBytes())));
            call.Result.WriteDecimal("Locked", Amount(Lookup(state, Market, LockedField, BalanceWidth, id.ToBytes())));
            call.Result.WriteEndObject();
        });
        FilecoinMethods.Add(registry, "StateVerifiedClientStatus", call => WriteDataCap(call.Result, StateAt(call), AddressIn(call)));
        FilecoinMethods.Add(registry, "StateVerifierStatus", call =>
        {
            StateView state = StateAt(call);
            if (Lookup(state, VerifiedRegistry, field: 1, width: 5, IdOf(state, AddressIn(call)).ToBytes()) is ReadOnlyMemory<byte> value)
            {
                call.Result.WriteStringValue(Amount(value).ToString());
            }
        });
        FilecoinMethods.Add(registry, "StateVerifiedRegistryRootKey", call =>
        {
            CborReader reader = Open(StateAt(call, 0), VerifiedRegistry, fields: 0);
            call.Result.WriteStringValue(forms.Text(ReadAddress(ref reader)));
        });
        FilecoinMethods.Add(registry, "StateGetNetworkParams", call => WriteNetwork(call.Result));
    }

    private static Address AddressIn(RpcCall call) => call.Parameters[0, "address"].FilecoinAddress();

    private StateView StateAt(RpcCall call, int index = 1) => chain.StateOf(_tipsets.Find(call.Parameters[index, "tipset"]));

    private static Address IdOf(StateView state, in Address address) => state.Tree.LookupId(address) is ActorId id
        ? Address.NewId(id)
        : throw TipsetLookup.Failure("actor not found");

    private static byte[] Block(StateView state, in Cid cid) =>
        state.Tree.Store.Get(cid) ?? throw TipsetLookup.Failure($"ipld: could not find {cid}");

    // The state of an actor, behind its first fields.
    private static CborReader Open(StateView state, in Address address, int fields)
    {
        ActorState actor = state.Find(address) ?? throw TipsetLookup.Failure("actor not found");
        CborReader reader = new(Block(state, actor.State));
        _ = reader.ReadArrayHeader();
        for (int i = 0; i < fields; i++)
        {
            reader.Skip();
        }

        return reader;
    }

    private static ReadOnlyMemory<byte>? Lookup(StateView state, in Address actor, int field, int width, byte[] key)
    {
        CborReader reader = Open(state, actor, field);
        Hamt map = Hamt.Load(state.Tree.Store, reader.ReadCid(), HamtOptions.State with { BitWidth = width });
        return map.TryGet(key, out ReadOnlyMemory<byte> value) ? value : default(ReadOnlyMemory<byte>?);
    }

    private static TokenAmount Amount(ReadOnlyMemory<byte>? encoded)
    {
        if (encoded is not ReadOnlyMemory<byte> bytes)
        {
            return TokenAmount.Zero;
        }

        CborReader reader = new(bytes.Span);
        return ReadAmount(ref reader);
    }

    private static TokenAmount ReadAmount(ref CborReader reader) =>
        TokenAmount.TryFromBytes(reader.ReadBytes(), out TokenAmount amount)
            ? amount
            : throw TipsetLookup.Failure("an amount in a state is malformed");

    private static Address ReadAddress(ref CborReader reader) =>
        Address.TryFromBytes(reader.ReadBytes(), out Address address) ? address : throw TipsetLookup.Failure("an address in a state is malformed");

    private static Address? ReadOptionalAddress(ref CborReader reader) => reader.TryReadNull() ? null : ReadAddress(ref reader);

    private void WriteMiner(Utf8JsonWriter json, StateView state, in Address address)
    {
        RequireMiner(state, address);
        CborReader own = Open(state, address, fields: 0);
        CborReader reader = new(Block(state, own.ReadCid()));
        _ = reader.ReadArrayHeader();
        json.WriteStartObject();
        json.WriteString("Owner", forms.Text(ReadAddress(ref reader)));
        json.WriteString("Worker", forms.Text(ReadAddress(ref reader)));
        List<Address> controls = [];
        for (int left = Math.Min(reader.ReadArrayHeader(), MaxItems); left > 0; left--)
        {
            controls.Add(ReadAddress(ref reader));
        }

        (string Worker, long Epoch) change = ("<empty>", -1);
        if (!reader.TryReadNull())
        {
            reader.ReadArrayHeader(2);
            change = (forms.Text(ReadAddress(ref reader)), reader.ReadInt());
        }

        json.WriteString("NewWorker", change.Worker);
        WriteListOrNull(json, "ControlAddresses", controls, (writer, control) => writer.WriteStringValue(forms.Text(control)));
        json.WriteNumber("WorkerChangeEpoch", change.Epoch);
        byte[] peer = reader.ReadBytes().ToArray();
        json.WriteString("PeerId", peer.Length == 0 ? null : Multibase.EncodeBase58(peer));
        List<byte[]> places = [];
        for (int left = Math.Min(reader.ReadArrayHeader(), MaxItems); left > 0; left--)
        {
            places.Add(reader.ReadBytes().ToArray());
        }

        WriteListOrNull(json, "Multiaddrs", places, static (writer, place) => writer.WriteBase64StringValue(place));
        json.WriteNumber("WindowPoStProofType", reader.ReadInt());
        json.WriteNumber("SectorSize", reader.ReadUInt());
        json.WriteNumber("WindowPoStPartitionSectors", reader.ReadUInt());
        json.WriteNumber("ConsensusFaultElapsed", reader.ReadInt());
        forms.WriteAddress(json, "PendingOwnerAddress", ReadOptionalAddress(ref reader));
        json.WriteString("Beneficiary", forms.Text(ReadAddress(ref reader)));
        WriteBeneficiary(json, ref reader);
        json.WriteEndObject();
    }

    private void WriteBeneficiary(Utf8JsonWriter json, ref CborReader reader)
    {
        reader.ReadArrayHeader(3);
        json.WriteStartObject("BeneficiaryTerm");
        json.WriteDecimal("Quota", ReadAmount(ref reader));
        json.WriteDecimal("UsedQuota", ReadAmount(ref reader));
        json.WriteNumber("Expiration", reader.ReadInt());
        json.WriteEndObject();
        if (reader.TryReadNull())
        {
            json.WriteNull("PendingBeneficiaryTerm");
            return;
        }

        reader.ReadArrayHeader(5);
        json.WriteStartObject("PendingBeneficiaryTerm");
        json.WriteString("NewBeneficiary", forms.Text(ReadAddress(ref reader)));
        json.WriteDecimal("NewQuota", ReadAmount(ref reader));
        json.WriteNumber("NewExpiration", reader.ReadInt());
        json.WriteBoolean("ApprovedByBeneficiary", reader.ReadBool());
        json.WriteBoolean("ApprovedByNominee", reader.ReadBool());
        json.WriteEndObject();
    }

    private static void RequireMiner(StateView state, in Address address)
    {
        ActorState actor = state.Find(address) ?? throw TipsetLookup.Failure("failed to load miner actor: actor not found");
        if (!state.IsMiner(actor))
        {
            throw TipsetLookup.Failure($"failed to load miner actor state: {address} is no miner");
        }
    }

    private static void WritePower(Utf8JsonWriter json, StateView state, in Address address)
    {
        CborReader totals = Open(state, Power, RawPowerField);
        TokenAmount raw = ReadAmount(ref totals);
        totals.Skip();
        TokenAmount quality = ReadAmount(ref totals);
        CborReader miners = Open(state, Power, MinersAboveMinimumField);
        long above = miners.ReadInt();
        (TokenAmount Raw, TokenAmount Quality) own = (TokenAmount.Zero, TokenAmount.Zero);
        CborReader claims = Open(state, Power, ClaimsFieldOf(state));
        if (Hamt.Load(state.Tree.Store, claims.ReadCid(), HamtOptions.State)
            .TryGet(IdOf(state, address).ToBytes(), out ReadOnlyMemory<byte> claim))
        {
            CborReader reader = new(claim.Span);
            reader.ReadArrayHeader(3);
            reader.Skip();
            own = (ReadAmount(ref reader), ReadAmount(ref reader));
        }

        json.WriteStartObject();
        WriteClaim(json, "MinerPower", own.Raw, own.Quality);
        WriteClaim(json, "TotalPower", raw, quality);
        json.WriteBoolean("HasMinPower", own.Quality.Atto >= MinPower || (above < FewMiners && own.Quality.Atto.Sign > 0));
        json.WriteEndObject();
    }

    // Two fields more since v15 of the actors.
    private static int ClaimsFieldOf(StateView state)
    {
        CborReader reader = new(Block(state, state.Find(Power)!.State));
        int count = reader.ReadArrayHeader();
        const int FieldsSince15 = 17;
        return count == FieldsSince15 ? ClaimsField + 2 : ClaimsField;
    }

    private static void WriteClaim(Utf8JsonWriter json, string name, in TokenAmount raw, in TokenAmount quality)
    {
        json.WriteStartObject(name);
        json.WriteDecimal("RawBytePower", raw);
        json.WriteDecimal("QualityAdjPower", quality);
        json.WriteEndObject();
    }

    // DataCap is a token, counted in attos: 10^18 for a byte. Nothing for who never had any.
    private static void WriteDataCap(Utf8JsonWriter json, StateView state, in Address address)
    {
        BigInteger one = BigInteger.Pow(10, 18);
        if (!IdOf(state, address).TryGetId(out ActorId id))
        {
            return;
        }

        CborReader reader = Open(state, DataCap, fields: 1);
        reader.ReadArrayHeader(4);
        reader.Skip();
        Cid balances = reader.ReadCid();
        reader.Skip();
        Hamt map = Hamt.Load(state.Tree.Store, balances, HamtOptions.State with { BitWidth = (int)reader.ReadUInt() });
        // The key is the ID as in an address, without the address's first byte.
        if (map.TryGet(Address.NewId(id).ToBytes().AsSpan(1), out ReadOnlyMemory<byte> value))
        {
            json.WriteStringValue((Amount(value).Atto / one).ToString(System.Globalization.CultureInfo.InvariantCulture));
        }
    }

    private static void WriteListOrNull<T>(Utf8JsonWriter json, string name, List<T> items, Action<Utf8JsonWriter, T> write)
    {
        if (items.Count == 0)
        {
            json.WriteNull(name);
            return;
        }

        json.WriteStartArray(name);
        foreach (T item in items)
        {
            write(json, item);
        }

        json.WriteEndArray();
    }

    // Without the heights of upgrades that this network never had.
    private void WriteNetwork(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("NetworkName", chain.Network.Name);
        json.WriteNumber("BlockDelaySecs", chain.Network.BlockDelay);
        json.WriteString("ConsensusMinerMinPower", MinPower.ToString(System.Globalization.CultureInfo.InvariantCulture));
        json.WriteNumber("PreCommitChallengeDelay", ChallengeDelay);
        json.WriteStartObject("ForkUpgradeParams");
        json.WriteEndObject();
        json.WriteNumber("Eip155ChainID", chain.ChainId);
        json.WriteNumber("GenesisTimestamp", chain.Origin.Timestamp);
        json.WriteEndObject();
    }
}
