using Fvm.Ipld;

namespace Fvm.Tracing;

/// <summary>What contracts have written so far in a replay, above the state before the message; each change can be undone.</summary>
/// <param name="before">The state before.</param>
internal sealed class ReplayWorld(StateReader before)
{
    private static readonly ReadOnlyMemory<byte> NoCode = Array.Empty<byte>();

    private readonly Dictionary<Key, EthWord> _storage = [];
    private readonly Dictionary<Key, EthWord> _transients = [];
    private readonly Dictionary<ActorId, ReadOnlyMemory<byte>> _code = [];
    private readonly Dictionary<Cid, ReadOnlyMemory<byte>> _codeByCid = [];
    private readonly Dictionary<ActorId, Kamt?> _bases = [];
    private readonly Dictionary<ActorId, SortedDictionary<EthWord, EthWord>> _shown = [];
    private readonly HashSet<ActorId> _new = [];
    private readonly HashSet<ActorId> _destroyed = [];
    private readonly List<Action> _undo = [];

    /// <summary>The place to which <see cref="Undo"/> goes back.</summary>
    public int Mark => _undo.Count;

    public void Undo(int mark)
    {
        for (int index = _undo.Count - 1; index >= mark; index--)
        {
            _undo[index]();
        }

        _undo.RemoveRange(mark, _undo.Count - mark);
    }

    /// <summary>A contract is created, or created again, and has nothing.</summary>
    public void Create(ActorId actor)
    {
        if (_new.Add(actor))
        {
            _undo.Add(() => _new.Remove(actor));
        }
    }

    public void Destroy(ActorId actor)
    {
        if (_destroyed.Add(actor))
        {
            _undo.Add(() => _destroyed.Remove(actor));
        }
    }

    public void SetCode(ActorId actor, ReadOnlyMemory<byte> code)
    {
        Put(_code, actor, code);
        _codeByCid[Cid.Blake2b256(Multicodec.Raw, code.Span)] = code;
    }

    /// <summary>A contract's code; empty if it has none.</summary>
    public ReadOnlyMemory<byte> CodeOf(ActorId actor) => _code.TryGetValue(actor, out ReadOnlyMemory<byte> code) ? code
        : before.Find(actor) is { Storage: not null } account ? account.Code : NoCode;

    /// <summary>Code by its CID.</summary>
    /// <exception cref="OpcodeReplayException">There is none.</exception>
    public ReadOnlyMemory<byte> CodeOf(in Cid cid, IBlockstore store)
    {
        if (!_codeByCid.TryGetValue(cid, out ReadOnlyMemory<byte> code))
        {
            code = cid == Cid.Blake2b256(Multicodec.Raw, []) ? NoCode
                : store.Get(cid) ?? throw new OpcodeReplayException($"the code {cid} of a contract is not in the state");
            _codeByCid[cid] = code;
        }

        return code;
    }

    public EthWord Load(ActorId actor, in EthWord key) => _storage.TryGetValue(new Key(actor, key), out EthWord value) ? value : Base(actor, key);

    public void Store(ActorId actor, in EthWord key, in EthWord value) => Put(_storage, new Key(actor, key), value);

    public EthWord LoadTransient(ActorId actor, in EthWord key) => _transients.GetValueOrDefault(new Key(actor, key));

    public void StoreTransient(ActorId actor, in EthWord key, in EthWord value) => Put(_transients, new Key(actor, key), value);

    /// <summary>The slots of a contract that the log shows: those that opcodes read or wrote so far.</summary>
    public SortedDictionary<EthWord, EthWord> ShownBy(ActorId actor)
    {
        if (!_shown.TryGetValue(actor, out SortedDictionary<EthWord, EthWord>? slots))
        {
            slots = [];
            _shown.Add(actor, slots);
        }

        return slots;
    }

    /// <summary>Compares the storage of all contracts with the state after the message.</summary>
    /// <exception cref="OpcodeReplayException">It differs.</exception>
    public void Check(IEnumerable<ActorId> actors, StateReader after)
    {
        foreach (ActorId actor in actors)
        {
            EthAccount? old = before.Find(actor);
            EthAccount? now = after.Find(actor);
            if (_destroyed.Contains(actor)) continue;

            Dictionary<EthWord, EthWord> written = [];
            foreach ((Key key, EthWord value) in _storage)
            {
                if (key.Actor == actor)
                {
                    written.Add(key.Slot, value);
                }
            }

            foreach (SlotChange change in before.StorageChanges(_new.Contains(actor) ? null : old, now, after))
            {
                if (!written.Remove(change.Key, out EthWord value) || value != change.After)
                {
                    throw Differs(actor, change.Key, value, change.After);
                }
            }

            // The rest is as it was.
            foreach ((EthWord key, EthWord value) in written)
            {
                EthWord real = Base(actor, key);
                if (value != real)
                {
                    throw Differs(actor, key, value, real);
                }
            }
        }
    }

    private static OpcodeReplayException Differs(ActorId actor, in EthWord key, in EthWord value, in EthWord real) =>
        new($"it leaves {value} in slot {key} of the contract f0{actor.Value}, the real run {real}");

    private EthWord Base(ActorId actor, in EthWord key)
    {
        if (_new.Contains(actor)) return default;

        if (!_bases.TryGetValue(actor, out Kamt? storage))
        {
            storage = before.Find(actor) is { Storage: not null } account ? before.OpenStorage(account) : null;
            _bases.Add(actor, storage);
        }

        return storage is not null && storage.TryGet(key.ToBytes(), out ReadOnlyMemory<byte> value) ? EthWord.Of(value.Span) : default;
    }

    private void Put<TKey, TValue>(Dictionary<TKey, TValue> map, TKey key, TValue value)
        where TKey : notnull
    {
        if (map.TryGetValue(key, out TValue? former))
        {
            _undo.Add(() => map[key] = former);
        }
        else
        {
            _undo.Add(() => map.Remove(key));
        }

        map[key] = value;
    }

    private readonly record struct Key(ActorId Actor, EthWord Slot)
    {
        // Keyed: contracts choose slots.
        public override int GetHashCode() => HashCode.Combine(Actor, Slot);
    }
}
