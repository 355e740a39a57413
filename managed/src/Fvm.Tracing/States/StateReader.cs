using Fvm.Ipld;

namespace Fvm.Tracing;

/// <summary>Reads accounts of a state as Ethereum sees them.</summary>
/// <param name="tree">The state.</param>
/// <param name="names">The names of its actors.</param>
public sealed class StateReader(StateTree tree, ActorNames names)
{
    private const string Contract = "evm";

    /// <summary>A state of a machine's blockstore.</summary>
    /// <exception cref="FatalException">It is missing or malformed.</exception>
    public static StateReader Open(Machine machine, in Cid root) =>
        new(StateTree.Load(machine.Blockstore, root, machine.Rules.StateTree), ActorNames.Of(machine));

    /// <summary>An account.</summary>
    /// <param name="id">Its actor ID.</param>
    /// <returns>Null if there is none.</returns>
    /// <exception cref="FatalException">The state is incomplete or malformed.</exception>
    public EthAccount? Find(ActorId id)
    {
        if (tree.GetActor(id) is not ActorState actor)
        {
            return null;
        }

        EthAddress address = EthAddress.Of(id, actor);
        if (names.NameOf(actor.Code) != Contract)
        {
            return new EthAccount(address, actor.Balance, actor.Sequence, default, null);
        }

        ContractState contract = ContractState.Read(tree.Store, actor.State);
        return contract.IsAlive
            ? new EthAccount(address, actor.Balance, contract.Nonce, CodeOf(contract), contract.Storage)
            : new EthAccount(address, actor.Balance, 0, default, null);
    }

    /// <summary>The code of a contract; empty for other addresses.</summary>
    /// <exception cref="FatalException">The state is incomplete or malformed.</exception>
    public ReadOnlyMemory<byte> CodeOf(EthAddress address) =>
        tree.LookupId(address.ToFilecoin()) is ActorId id && Find(id) is EthAccount account ? account.Code : default;

    /// <summary>An address as an actor ID.</summary>
    /// <exception cref="FatalException">The state is incomplete or malformed.</exception>
    public ActorId? FindId(in Address address) => tree.LookupId(address);

    /// <summary>Storage slots that differ between two states of an account, by key; a slot that does not exist is zero.</summary>
    /// <param name="before">The account in this state; null for none.</param>
    /// <param name="after">The account in the other state; null for none.</param>
    /// <param name="other">The other state.</param>
    /// <exception cref="FatalException">A state is incomplete or malformed.</exception>
    public IReadOnlyList<SlotChange> StorageChanges(EthAccount? before, EthAccount? after, StateReader other)
    {
        try
        {
            Kamt old = OpenStorage(before);
            return [.. old.DifferencesTo(other.OpenStorage(after)).Select(static change => new SlotChange(
                EthWord.Of(change.Key.Span), WordOf(change.Before), WordOf(change.After)))];
        }
        catch (KamtException error)
        {
            throw new FatalException("the storage of a contract is malformed", error);
        }
    }

    /// <summary>An account's storage; empty for other accounts.</summary>
    /// <exception cref="KamtException">It is missing or malformed.</exception>
    internal Kamt OpenStorage(EthAccount? account) => account?.Storage is Cid root
        ? Kamt.Load(tree.Store, root, KamtOptions.ContractStorage)
        : new Kamt(tree.Store, KamtOptions.ContractStorage);

    private static EthWord WordOf(ReadOnlyMemory<byte>? number) => number is { } bytes ? EthWord.Of(bytes.Span) : default;

    private ReadOnlyMemory<byte> CodeOf(ContractState contract) =>
        tree.Store.Get(contract.Bytecode) ?? throw new FatalException($"the code {contract.Bytecode} of a contract is missing");
}
