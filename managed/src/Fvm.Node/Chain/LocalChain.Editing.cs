using Fvm.Crypto;
using Fvm.Ipld;
using Fvm.Tracing;

namespace Fvm.Node;

/// <content>Changes of the state by the operator, and moves of the head.</content>
internal sealed partial class LocalChain
{
    // Each keeps its state.
    private const int MaxSnapshots = 2_000;
    private static readonly ActorId Reserve = new(90);

    private readonly SortedList<ulong, ChainSnapshot> _snapshots = [];
    private readonly HashSet<EthAddress> _impersonated = [];
    private readonly Lock _impersonatedGate = new();
    private ulong _nextSnapshot = 1;

    /// <summary>Whether every sender is impersonated.</summary>
    public bool ImpersonatesAll { get; set; }

    /// <summary>Sends for an address without its key.</summary>
    public void Impersonate(EthAddress address)
    {
        lock (_impersonatedGate)
        {
            _ = _impersonated.Add(address);
        }
    }

    /// <summary>Sends for an address by its key only.</summary>
    /// <returns>Whether it was impersonated.</returns>
    public bool StopImpersonating(EthAddress address)
    {
        lock (_impersonatedGate)
        {
            return _impersonated.Remove(address);
        }
    }

    /// <summary>Whether an address is sent for without its key.</summary>
    public bool IsImpersonated(EthAddress address)
    {
        lock (_impersonatedGate)
        {
            return ImpersonatesAll || _impersonated.Contains(address);
        }
    }

    /// <summary>Keeps what the chain is now.</summary>
    /// <returns>The number by which to return to it.</returns>
    public Task<ulong> SnapshotAsync() => WriteAsync(() =>
    {
        if (_snapshots.Count == MaxSnapshots)
        {
            throw new RefusedException($"{MaxSnapshots} snapshots are kept already: revert to one of them");
        }

        _snapshots.Add(_nextSnapshot, new ChainSnapshot(Head, Pool.All(), _next));
        return _nextSnapshot++;
    });

    /// <summary>Keeps a snapshot no longer.</summary>
    /// <returns>Whether it was there.</returns>
    public Task<bool> ForgetAsync(ulong number) => WriteAsync(() => _snapshots.Remove(number));

    /// <summary>Returns to a snapshot, which is used up, as are all later ones.</summary>
    /// <returns>Whether it was there.</returns>
    public Task<bool> RevertAsync(ulong number) => WriteAsync(() =>
    {
        if (!_snapshots.TryGetValue(number, out ChainSnapshot? snapshot))
        {
            return false;
        }

        while (_snapshots.Count > 0 && _snapshots.Keys[^1] >= number)
        {
            _snapshots.RemoveAt(_snapshots.Count - 1);
        }

        if (!TryMoveHead(snapshot.Head))
        {
            return false;
        }

        Pool.Reset(snapshot.Waiting);
        _next = snapshot.Next;
        return true;
    });

    /// <summary>Takes the last blocks off the chain.</summary>
    /// <param name="depth">How many epochs.</param>
    /// <exception cref="RefusedException">There are not so many.</exception>
    public Task<LocalBlock> RollbackAsync(ulong depth) => WriteAsync(() =>
    {
        ulong most = Head.Number - Genesis.Number;
        if (depth > most)
        {
            throw new RefusedException($"a rollback of {depth} from block {Head.Number}: at most {most} are possible");
        }

        LocalBlock target = AtOrBefore(Head.Number - depth);
        RequireState(target);
        foreach (ulong stale in _snapshots.Where(entry => entry.Value.Head.Number > target.Number).Select(static entry => entry.Key).ToArray())
        {
            _ = _snapshots.Remove(stale);
        }

        _ = TryMoveHead(target);
        return target;
    });

    /// <summary>Goes back to the first block, without waiting messages, and with its own base fee and time.</summary>
    public Task ResetAsync() => WriteAsync(() =>
    {
        Pool.Reset([]);
        _snapshots.Clear();
        _next = new NextBlock();
        return TryMoveHead(Genesis);
    });

    /// <summary>Sets a balance. The difference is the reserve's, so that the supply stays.</summary>
    /// <exception cref="RefusedException">The reserve does not have as much.</exception>
    public Task SetBalanceAsync(EthAddress address, TokenAmount balance) =>
        EditAsync(address, (tree, state) => SetBalance(tree, state, address, balance));

    /// <summary>Sets a nonce.</summary>
    public Task SetNonceAsync(EthAddress address, ulong nonce) => EditAsync(address, (_, state) => SetNonce(state, address, nonce));

    /// <summary>Sets the bytecode of a contract; an account becomes one.</summary>
    public Task SetCodeAsync(EthAddress address, byte[] code) => EditAsync(address, (_, state) => SetCode(state, address, code));

    /// <summary>Sets a word of a contract's storage.</summary>
    /// <exception cref="RefusedException">There is no contract.</exception>
    public Task SetStorageAsync(EthAddress address, EthHash slot, EthHash value) =>
        EditAsync((_, state) => SetStorage(state, address, [(slot, value)]));

    /// <summary>Changes the state behind the head.</summary>
    /// <param name="change">Changes the state tree.</param>
    public Task EditAsync(Action<StateTree, StateView> change) => WriteAsync(() =>
    {
        StateView state = OpenState(Head.State);
        change(state.Tree, state);
        ReplaceHead(Head with { State = state.Tree.Flush() });
        return true;
    });

    // For an address without an actor, one is made first: a placeholder.
    private Task EditAsync(EthAddress address, Action<StateTree, StateView> change) => EditAsync((tree, state) =>
    {
        EnsureActor(tree, state, address);
        change(tree, state);
    });

    // False if the block is no longer kept.
    private bool TryMoveHead(LocalBlock target)
    {
        if (_history.Truncate(target) is not List<LocalBlock> removed)
        {
            return false;
        }

        if (_journal is not null)
        {
            _changes.Truncate(target.Number);
            _changes.ReplaceHead(target);
        }

        Changed?.Invoke(new ChainChange(removed, []));
        return true;
    }

    private void ReplaceHead(LocalBlock head)
    {
        _history.ReplaceHead(head);
        if (_journal is not null)
        {
            _changes.ReplaceHead(head);
        }

        PruneIfLarge();
    }

    private static void EnsureActor(StateTree tree, StateView state, EthAddress address)
    {
        Address filecoin = address.ToFilecoin();
        if (state.Find(filecoin) is not null)
        {
            return;
        }

        if (filecoin.Protocol == AddressProtocol.Id)
        {
            throw new RefusedException($"there is no actor {filecoin}");
        }

        ActorId id = tree.RegisterNewAddress(filecoin);
        tree.SetActor(id, ActorState.NewEmpty(state.Actors.PlaceholderCode, filecoin));
    }

    private static (ActorId Id, ActorState Actor) Get(StateView state, EthAddress address)
    {
        ActorId id = state.Tree.LookupId(address.ToFilecoin()) ?? throw new RefusedException($"there is no actor {address}");
        return (id, state.Tree.GetActor(id) ?? throw new RefusedException($"there is no actor {address}"));
    }

    private static (ActorId Id, ActorState Actor, ContractState Contract) GetContract(StateView state, EthAddress address)
    {
        (ActorId id, ActorState actor) = Get(state, address);
        return state.IsContract(actor)
            ? (id, actor, ContractState.Read(state.Tree.Store, actor.State))
            : throw new RefusedException($"{address} is no contract: set its code first");
    }

    private static void SetBalance(StateTree tree, StateView state, EthAddress address, in TokenAmount balance)
    {
        (ActorId id, ActorState actor) = Get(state, address);
        ActorState reserve = tree.GetActor(Reserve) ?? throw new FatalException($"there is no actor f0{Reserve}");
        TokenAmount rest = reserve.Balance + actor.Balance - balance;
        if (rest.IsNegative)
        {
            throw new RefusedException(
                $"a balance of {balance.Atto}: there are {(reserve.Balance + actor.Balance).Atto} attoFIL left in the reserve");
        }

        tree.SetActor(Reserve, reserve with { Balance = rest });
        tree.SetActor(id, actor with { Balance = balance });
    }

    private static void SetNonce(StateView state, EthAddress address, ulong nonce)
    {
        (ActorId id, ActorState actor) = Get(state, address);
        if (state.IsContract(actor))
        {
            ContractState contract = ContractState.Read(state.Tree.Store, actor.State);
            state.Tree.SetActor(id, actor with { State = (contract with { Nonce = nonce }).Write(state.Tree.Store) });
            return;
        }

        // A placeholder with a nonce could never send again.
        Cid code = state.Actors.IsPlaceholder(actor.Code) && nonce > 0 ? state.Actors.EthAccountCode : actor.Code;
        state.Tree.SetActor(id, actor with { Code = code, Sequence = nonce });
    }

    private void SetCode(StateView state, EthAddress address, byte[] code)
    {
        (ActorId id, ActorState actor) = Get(state, address);
        IBlockstore store = state.Tree.Store;
        if (!state.IsContract(actor) && !state.Actors.IsAccount(actor.Code) && !state.Actors.IsEthAccount(actor.Code)
            && !state.Actors.IsPlaceholder(actor.Code))
        {
            throw new RefusedException($"{address} is the builtin actor {state.Actors.NameOf(actor.Code)}, whose code stays");
        }

        ContractState contract = state.IsContract(actor)
            ? ContractState.Read(store, actor.State)
            : ContractState.CreateEmpty(new Kamt(store, KamtOptions.ContractStorage).Flush(), (uint)Version);
        Cid bytecode = Cid.Blake2b256(Multicodec.Raw, code);
        store.Put(bytecode, code);
        ContractState changed = contract with { Bytecode = bytecode, BytecodeHash = Keccak256.Hash(code) };
        state.Tree.SetActor(id, actor with { Code = state.ContractCode, State = changed.Write(store) });
    }

    private static void SetStorage(StateView state, EthAddress address, IReadOnlyList<(EthHash Slot, EthHash Value)> words)
    {
        (ActorId id, ActorState actor, ContractState contract) = GetContract(state, address);
        IBlockstore store = state.Tree.Store;
        Kamt storage = Kamt.Load(store, contract.Storage, KamtOptions.ContractStorage);
        foreach ((EthHash slot, EthHash value) in words)
        {
            // Zeros are not stored.
            _ = value == default ? storage.Delete(slot.ToBytes()) : storage.Set(slot.ToBytes(), value.ToBytes());
        }

        state.Tree.SetActor(id, actor with { State = (contract with { Storage = storage.Flush() }).Write(store) });
    }

    private Cid Override(in Cid root, IReadOnlyList<AccountOverride> overrides, MemoryBlockstore output)
    {
        StateView state = OpenState(root, new LayeredBlockstore(output, Store));
        foreach (AccountOverride change in overrides)
        {
            EnsureActor(state.Tree, state, change.Address);
            if (change.Balance is TokenAmount balance)
            {
                (ActorId id, ActorState actor) = Get(state, change.Address);
                state.Tree.SetActor(id, actor with { Balance = balance });
            }

            if (change.Code is byte[] code)
            {
                SetCode(state, change.Address, code);
            }

            if (change.ClearsStorage)
            {
                (ActorId id, ActorState actor, ContractState own) = GetContract(state, change.Address);
                Cid empty = new Kamt(state.Tree.Store, KamtOptions.ContractStorage).Flush();
                state.Tree.SetActor(id, actor with { State = (own with { Storage = empty }).Write(state.Tree.Store) });
            }

            if (change.Nonce is ulong nonce)
            {
                SetNonce(state, change.Address, nonce);
            }

            if (change.Storage is { Count: > 0 } words)
            {
                SetStorage(state, change.Address, words);
            }
        }

        return state.Tree.Flush();
    }
}
