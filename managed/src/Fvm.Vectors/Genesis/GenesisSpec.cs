// What a genesis state is to hold.
namespace Fvm.Vectors;

/// <summary>
/// What a state is to hold, as JSON says it: <c>network_name</c>; <c>builtin</c>, a list of <c>{name, code}</c> in the manifest's order;
/// <c>accounts</c>, a list of <c>{address, balance}</c> that get the IDs from 100 on; <c>actors</c>, a list of
/// <c>{id, code, state, balance}</c>. Code is a builtin actor's name or a Wasm file's path beside the JSON file; state is base64 of
/// DAG-CBOR, by default an empty list; balances are in FIL.
/// </summary>
public sealed record GenesisSpec
{
    public required string NetworkName { get; init; }

    public required IReadOnlyList<GenesisActor> Builtin { get; init; }

    public required IReadOnlyList<GenesisAccount> Accounts { get; init; }

    public required IReadOnlyList<GenesisActor> Actors { get; init; }

    /// <summary>Reads a specification.</summary>
    /// <exception cref="InputException">A field is missing or is not what it must be.</exception>
    public static GenesisSpec Parse(ReadOnlyMemory<byte> json) => JsonText.Read(json, static root => new GenesisSpec
    {
        NetworkName = root.Text("network_name"),
        Builtin = [.. root.Objects("builtin", required: true).Select(ReadBuiltin)],
        Accounts = [.. root.Objects("accounts", required: true).Select(ReadAccount)],
        Actors = [.. root.Objects("actors", required: true).Select(ReadActor)],
    });

    private static GenesisActor ReadBuiltin(JsonFields actor) =>
        new(0, actor.Text("name"), actor.Text("code"), [], TokenAmount.Zero);

    private static GenesisAccount ReadAccount(JsonFields account)
    {
        string text = account.Text("address");
        return Address.TryParse(text, out Address address)
            ? new GenesisAccount(address, ReadBalance(account))
            : throw new InputException($"{account.PathOf("address")}: '{text}' is no address");
    }

    private static GenesisActor ReadActor(JsonFields actor) => new(
        actor.Number("id"),
        actor.Text("code"),
        actor.Text("code"),
        actor.Optional("state") is null ? EmptyState.Block : actor.Bytes("state"),
        ReadBalance(actor));

    private static TokenAmount ReadBalance(JsonFields fields)
    {
        if (fields.Optional("balance") is null)
        {
            return TokenAmount.Zero;
        }

        string text = fields.Text("balance");
        return TokenAmount.TryParseFil(text, out TokenAmount balance)
            ? balance
            : throw new InputException($"{fields.PathOf("balance")}: '{text}' is no amount in FIL");
    }
}

/// <summary>An account to be.</summary>
public sealed record GenesisAccount(Address Address, TokenAmount Balance);

/// <summary>An actor to be.</summary>
/// <param name="Id">Its number; of no meaning for code of the manifest.</param>
/// <param name="Name">Its name in the manifest.</param>
/// <param name="Code">A builtin actor's name, or a file's path.</param>
/// <param name="State">DAG-CBOR.</param>
public sealed record GenesisActor(ulong Id, string Name, string Code, byte[] State, TokenAmount Balance);
