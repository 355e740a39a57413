using Fvm.Ipld;

namespace Fvm.Vectors;

/// <summary>
/// A genesis state as specified in JSON: <c>network_name</c>; <c>builtin</c>, a list of <c>{name, code}</c> in manifest order;
/// <c>accounts</c>, a list of <c>{address, balance}</c> with IDs from 100; <c>actors</c>, a list of <c>{id, code, state, balance}</c>. Code is
/// a builtin actor's name or the path of a Wasm file relative to the JSON file; state is base64 of DAG-CBOR, by default an empty list;
/// balances are in FIL. Unknown and duplicate fields are rejected.
/// </summary>
public sealed record GenesisSpec
{
    // IDs of the actors in every state: system, init, reward, burnt funds.
    private static readonly ulong[] TakenIds = [0, 1, 2, 99];

    public required string NetworkName { get; init; }

    public required IReadOnlyList<GenesisActor> Builtin { get; init; }

    public required IReadOnlyList<GenesisAccount> Accounts { get; init; }

    public required IReadOnlyList<GenesisActor> Actors { get; init; }

    /// <summary>Reads a specification.</summary>
    /// <exception cref="InputException">A field is missing, invalid, or unknown.</exception>
    public static GenesisSpec Parse(ReadOnlyMemory<byte> json) => JsonText.Read(json, static root =>
    {
        root.RequireOnly("network_name", "builtin", "accounts", "actors");
        HashSet<string> names = new(StringComparer.Ordinal);
        HashSet<Address> addresses = [];
        HashSet<ulong> ids = [.. TakenIds];
        return new GenesisSpec
        {
            NetworkName = root.Text("network_name"),
            Builtin = [.. root.Objects("builtin", required: true).Select(actor => ReadBuiltin(actor, names))],
            Accounts = [.. root.Objects("accounts", required: true).Select(account => ReadAccount(account, addresses, ids))],
            Actors = [.. root.Objects("actors", required: true).Select(actor => ReadActor(actor, ids))],
        };
    });

    private static GenesisActor ReadBuiltin(JsonFields actor, HashSet<string> names)
    {
        actor.RequireOnly("name", "code");
        string name = actor.Text("name");
        return names.Add(name)
            ? new GenesisActor(0, name, actor.Text("code"), [], TokenAmount.Zero)
            : throw actor.Refused("name", $"occurs twice: '{name}'");
    }

    private static GenesisAccount ReadAccount(JsonFields account, HashSet<Address> addresses, HashSet<ulong> ids)
    {
        account.RequireOnly("address", "balance");
        Address address = account.Address("address");
        GenesisAccount read = new(address, account.Fil("balance"));
        if (address.Protocol == AddressProtocol.Id)
        {
            throw account.Refused(
                "address", $"is an ID address, {address}: accounts have key addresses (f1…, f3…) and are assigned IDs from 100");
        }

        if (!addresses.Add(address))
        {
            throw account.Refused("address", $"occurs twice: {address}");
        }

        ids.Add(GenesisBuilder.FirstFreeId + (ulong)addresses.Count - 1);
        return read;
    }

    private static GenesisActor ReadActor(JsonFields actor, HashSet<ulong> ids)
    {
        actor.RequireOnly("id", "code", "state", "balance");
        ulong id = actor.Number("id");
        if (id > long.MaxValue)
        {
            throw actor.Refused("id", $"is more than 2^63-1: {id}");
        }

        if (!ids.Add(id))
        {
            throw actor.Refused("id", $"is taken: f0{id} occurs twice, or belongs to an account or to an actor of every state");
        }

        return new GenesisActor(id, actor.Text("code"), actor.Text("code"), ReadState(actor), actor.Fil("balance"));
    }

    private static byte[] ReadState(JsonFields actor)
    {
        if (actor.Optional("state") is null)
        {
            return EmptyState.Block;
        }

        byte[] state = actor.Bytes("state");
        try
        {
            CborReader reader = new(state);
            reader.Skip();
            reader.EnsureEnd();
            return state;
        }
        catch (CborException exception)
        {
            throw actor.Refused("state", $"is not DAG-CBOR: byte {exception.Offset}: {exception.Message}", exception);
        }
    }
}

/// <summary>An account to create.</summary>
public sealed record GenesisAccount(Address Address, TokenAmount Balance);

/// <summary>An actor to create.</summary>
/// <param name="Id">Its ID; unused for code of the manifest.</param>
/// <param name="Name">Its name in the manifest.</param>
/// <param name="Code">A builtin actor's name, or a file path.</param>
/// <param name="State">DAG-CBOR.</param>
public sealed record GenesisActor(ulong Id, string Name, string Code, byte[] State, TokenAmount Balance);
