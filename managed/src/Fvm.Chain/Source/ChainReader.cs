using Fvm.Ipld;

namespace Fvm.Chain;

/// <summary>Reads tipsets, messages and states of a chain from a store. Tipsets are cached. Thread-safe if the store is.</summary>
public sealed class ChainReader
{
    // Lotus: build/buildconstants, BlockMessageLimit.
    private const int MaxMessagesPerBlock = 10_000;
    private const int MaxCachedTipsets = 16_384;

    private readonly IBlockstore _store;
    private readonly Dictionary<Cid, Tipset> _tipsets;
    private readonly Lock _gate;

    /// <summary>A reader without tipsets.</summary>
    /// <param name="store">The blocks.</param>
    public ChainReader(IBlockstore store)
        : this(store, [], new Lock())
    {
    }

    private ChainReader(IBlockstore store, Dictionary<Cid, Tipset> tipsets, Lock gate)
    {
        _store = store;
        _tipsets = tipsets;
        _gate = gate;
    }

    /// <summary>The blocks.</summary>
    public IBlockstore Store => _store;

    /// <summary>Whether all blocks of a tipset are there.</summary>
    public bool HasTipset(IReadOnlyList<Cid> key) => key.Count > 0 && key.All(cid => _store.Has(cid));

    /// <summary>A reader of the same chain that reads by another store, with the same cache of tipsets.</summary>
    internal ChainReader On(IBlockstore store) => new(store, _tipsets, _gate);

    /// <summary>Reads a tipset.</summary>
    /// <param name="key">Its blocks, in any order.</param>
    /// <exception cref="ChainException">A block is missing or malformed, or the blocks do not form a tipset.</exception>
    public Tipset Load(IReadOnlyList<Cid> key)
    {
        lock (_gate)
        {
            if (key.Count > 0 && _tipsets.TryGetValue(key[0], out Tipset? known) && known.Cids.SequenceEqual(key))
            {
                return known;
            }
        }

        Fetch(key);
        Tipset tipset = Tipset.Create(key.Select(ReadHeader));
        lock (_gate)
        {
            if (_tipsets.Count >= MaxCachedTipsets)
            {
                _tipsets.Clear();
            }

            _tipsets[tipset.Cids[0]] = tipset;
        }

        return tipset;
    }

    /// <summary>Reads the parent of a tipset.</summary>
    /// <exception cref="ChainException">A block is missing or malformed.</exception>
    public Tipset ParentOf(Tipset tipset)
    {
        Tipset parent = Load(tipset.Parents);
        return parent.Epoch < tipset.Epoch
            ? parent
            : throw new ChainException($"{tipset.Cids[0]} of epoch {tipset.Epoch} has a parent of epoch {parent.Epoch}");
    }

    /// <summary>The tipset at an epoch, on the chain that ends in another tipset; for a null round the next one before or after it.</summary>
    /// <param name="head">The end of the chain.</param>
    /// <param name="epoch">The epoch, not beyond that of <paramref name="head"/>.</param>
    /// <param name="before">For a null round: whether the tipset before it is taken, not the one after it.</param>
    /// <exception cref="ChainException">There is none, or a block is missing or malformed.</exception>
    public Tipset AtEpoch(Tipset head, ChainEpoch epoch, bool before)
    {
        if (epoch.Value < 0 || epoch > head.Epoch)
        {
            throw new ChainException($"there is no tipset of epoch {epoch} below epoch {head.Epoch}");
        }

        Tipset current = head;
        while (current.Epoch > epoch)
        {
            Tipset parent = ParentOf(current);
            if (parent.Epoch < epoch)
            {
                return before ? parent : current;
            }

            current = parent;
        }

        return current;
    }

    /// <summary>Reads all messages of a block: those with an aggregated signature first.</summary>
    /// <exception cref="ChainException">A message is missing or malformed.</exception>
    public IReadOnlyList<ChainMessage> MessagesOf(BlockHeader block)
    {
        byte[] meta = Get(block.Messages, "the list of a block's messages");
        List<ChainMessage> messages = [];
        try
        {
            CborReader reader = new(meta);
            reader.ReadArrayHeader(2);
            Cid unsigned = reader.ReadCid();
            Cid signed = reader.ReadCid();
            reader.EnsureEnd();
            AddMessages(messages, unsigned, signed: false);
            AddMessages(messages, signed, signed: true);
        }
        catch (Exception exception) when (exception is MessageException or FormatException and not ChainException)
        {
            throw new ChainException(
                $"the messages {block.Messages} of a block of epoch {block.Epoch} are malformed: {exception.Message}", exception);
        }

        return messages;
    }

    /// <summary>The block of a CID.</summary>
    /// <exception cref="ChainException">It is missing.</exception>
    internal byte[] Get(in Cid cid, string what) => _store.Get(cid) ?? throw new ChainException($"{what} is missing: {cid}");

    /// <summary>The state tree of a root, whatever its version.</summary>
    /// <exception cref="FatalException">It is missing or broken.</exception>
    internal StateTree OpenState(in Cid root) =>
        StateRoot.TryDecode(root, Get(root, "a state")) is StateRoot decoded
            ? StateTree.Load(_store, root, decoded.Version)
            : throw new ChainException($"{root} is not the root of a state");

    private BlockHeader ReadHeader(Cid cid)
    {
        byte[] bytes = Get(cid, "a block header");
        BlockHeader header;
        try
        {
            header = BlockHeader.Decode(bytes);
        }
        catch (CborException exception)
        {
            throw new ChainException($"{cid} is not a block header: {exception.Message}", exception);
        }

        return header.ToCid() == cid ? header : throw new ChainException($"the block header {cid} is not in canonical form");
    }

    private void AddMessages(List<ChainMessage> messages, in Cid root, bool signed)
    {
        List<Cid> cids = [];
        foreach (AmtEntry entry in Amt.Load(_store, root, AmtVersion.V0).Entries())
        {
            if (messages.Count + cids.Count == MaxMessagesPerBlock)
            {
                throw new ChainException($"{root}: a block has at most {MaxMessagesPerBlock} messages");
            }

            CborReader reader = new(entry.Value.Span);
            cids.Add(reader.ReadCid());
        }

        Fetch(cids);
        foreach (Cid cid in cids)
        {
            byte[] bytes = Get(cid, "a message");
            messages.Add(signed ? ChainMessage.DecodeSigned(cid, bytes) : ChainMessage.DecodeUnsigned(cid, bytes));
        }
    }

    // What is missing is reported when it is read.
    private void Fetch(IReadOnlyList<Cid> cids)
    {
        if (cids.Count > 1 && _store is IBulkBlockstore bulk)
        {
            bulk.GetMany(cids);
        }
    }
}
