using Fvm.Ipld;
using Fvm.Tracing;

namespace Fvm.Node;

/// <summary>Reads a state as Ethereum sees it. Not thread-safe.</summary>
/// <param name="tree">The state.</param>
/// <param name="actors">The builtin actors.</param>
internal sealed class StateView(StateTree tree, Manifest actors)
{
    /// <summary>The state tree.</summary>
    public StateTree Tree => tree;

    /// <summary>The builtin actors.</summary>
    public Manifest Actors => actors;

    /// <summary>The code of contracts.</summary>
    /// <exception cref="RefusedException">The network has none.</exception>
    public Cid ContractCode => LocalGenesis.TryFindCode(actors, "evm", out Cid code)
        ? code
        : throw new RefusedException("the network has no contracts");

    /// <summary>The actor of an address; null if there is none.</summary>
    public ActorState? Find(in Address address) => tree.TryLookupId(address, out ActorId id) ? tree.GetActor(id) : null;

    /// <summary>The actor of an Ethereum address; null if there is none.</summary>
    public ActorState? Find(EthAddress address) => Find(address.ToFilecoin());

    /// <summary>The balance; zero if there is no actor.</summary>
    public TokenAmount BalanceOf(EthAddress address) => Find(address)?.Balance ?? TokenAmount.Zero;

    /// <summary>The nonce: a contract's own, an account's number of messages.</summary>
    public ulong NonceOf(EthAddress address) => Find(address) switch
    {
        null => 0,
        ActorState actor when IsContract(actor) => ContractOf(actor)?.Nonce ?? 0,
        ActorState actor => actor.Sequence,
    };

    /// <summary>The bytecode of a contract; empty for everything else.</summary>
    public byte[] CodeOf(EthAddress address) => Find(address) is ActorState actor && IsContract(actor) && ContractOf(actor) is ContractState contract
        ? tree.Store.Get(contract.Bytecode) ?? throw new FatalException($"the bytecode {contract.Bytecode} of {address} is missing")
        : [];

    /// <summary>Whether an actor is a contract.</summary>
    public bool IsContract(ActorState actor) => actors.NameOf(actor.Code) == "evm";

    /// <summary>Whether an actor is a miner.</summary>
    public bool IsMiner(ActorState actor) => actors.NameOf(actor.Code) == "storageminer";

    /// <summary>The name of the builtin actor of an address; null if it is of another actor, or of none.</summary>
    public string? NameOf(in Address address) => Find(address) is ActorState actor ? actors.NameOf(actor.Code) : null;

    /// <summary>Whether an actor can send messages: an account, or what becomes one by its first message.</summary>
    public bool IsSender(ActorState actor) => actors.IsAccount(actor.Code) || actors.IsEthAccount(actor.Code)
        || (actors.IsPlaceholder(actor.Code) && actor.Sequence == 0 && actor.DelegatedAddress is not null);

    /// <summary>The address whose key signs for an actor: an account's key address, else a delegated one; null if there is neither.</summary>
    public Address? KeyOf(in Address address)
    {
        if (address.Protocol is AddressProtocol.Secp256k1 or AddressProtocol.Bls or AddressProtocol.Delegated)
        {
            return address;
        }

        if (Find(address) is not ActorState actor)
        {
            return null;
        }

        if (!actors.IsAccount(actor.Code))
        {
            return actor.DelegatedAddress;
        }

        // A list of the key address.
        CborReader reader = new(tree.Store.Get(actor.State) ?? throw new FatalException($"the state of {address} is missing"));
        reader.ReadArrayHeader(1);
        return Address.TryFromBytes(reader.ReadBytes(), out Address key) ? key : null;
    }

    /// <summary>The Ethereum address of an actor: that of its delegated address, else that of its ID.</summary>
    public EthAddress AddressOf(ActorId id) => EthAddress.Of(id, tree.GetActor(id));

    /// <summary>The Ethereum address of an address; null if it is of no actor.</summary>
    public EthAddress? AddressOf(in Address address)
    {
        if (tree.TryLookupId(address, out ActorId id))
        {
            return AddressOf(id);
        }

        return EthAddress.TryOf(address, out EthAddress own) ? own : null;
    }

    // Null for a contract that has destroyed itself.
    private ContractState? ContractOf(ActorState actor) => ContractState.Read(tree.Store, actor.State) is { IsAlive: true } alive ? alive : null;
}
