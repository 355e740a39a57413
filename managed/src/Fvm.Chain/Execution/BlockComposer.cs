using System.Buffers.Binary;
using Fvm.Crypto;
using Fvm.Ipld;

namespace Fvm.Chain;

/// <summary>
/// Composes the blocks of a chain with one miner, one block per tipset, and without proofs. Tickets and beacon entries, from which randomness is
/// drawn, are hashes of a seed and the epoch. For networks of <see cref="NetworkCatalog.Local"/>.
/// </summary>
/// <param name="store">Receives the blocks and messages.</param>
/// <param name="network">The network.</param>
public sealed class BlockComposer(IBlockstore store, NetworkParameters network)
{
    /// <summary>Maximum number of messages per block.</summary>
    public const int MaxMessages = 10_000;

    // Null rounds whose randomness can still be asked for: the longest look-back of the actors, and of the list in a header.
    private const long MaxEntries = 4_000;

    private static readonly ChainSignature Filler = new(ChainSignatureKind.Bls, new byte[96]);

    /// <summary>Composes the block of an epoch, and stores it with its messages.</summary>
    /// <param name="draft">What the block has in it.</param>
    /// <returns>The tipset of that one block.</returns>
    public Tipset Compose(BlockDraft draft)
    {
        Tipset tipset = Preview(draft);
        _ = PutMessages(draft.Messages);
        byte[] block = tipset.First.Encode();
        store.Put(tipset.Cids[0], block);
        return tipset;
    }

    /// <summary>The tipset as <see cref="Compose"/> makes it, without its messages, and not stored.</summary>
    public Tipset Preview(BlockDraft draft)
    {
        BlockHeader header = new()
        {
            Miner = draft.Miner,
            Ticket = Fill(draft.Seed, "ticket"u8, draft.Epoch.Value),
            Election = new ElectionProof(1, Fill(draft.Seed, "election"u8, draft.Epoch.Value)),
            BeaconEntries = Entries(draft),
            Parents = draft.Parent?.Cids ?? [],
            ParentWeight = TokenAmount.FromAtto(draft.Epoch.Value),
            Epoch = draft.Epoch,
            ParentState = draft.ParentState,
            ParentReceipts = draft.ParentReceipts,
            Messages = MessagesRoot(draft.Messages),
            BlsAggregate = Filler,
            Timestamp = draft.Timestamp,
            Signature = Filler,
            BaseFee = draft.BaseFee,
        };
        return Tipset.Create([header]);
    }

    /// <summary>The root of no receipts.</summary>
    public Cid EmptyReceipts() => ReceiptsRoot.Write(store, [], withEvents: true);

    private static byte[] Fill(ReadOnlySpan<byte> seed, ReadOnlySpan<byte> purpose, long epoch)
    {
        Span<byte> number = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(number, epoch);
        byte[] hash = new byte[Blake2b.Size256];
        Blake2b.Hash256([.. seed, .. purpose, .. number], hash);
        return hash;
    }

    private BeaconEntry[] Entries(BlockDraft draft)
    {
        long first = Math.Max((draft.Parent?.Epoch.Value ?? -1) + 1, draft.Epoch.Value - MaxEntries);
        BeaconEntry[] entries = new BeaconEntry[draft.Epoch.Value - first + 1];
        for (long epoch = first; epoch <= draft.Epoch.Value; epoch++)
        {
            // Beacons of local networks depend on the epoch alone, not on time.
            ulong round = network.RoundOf(new ChainEpoch(epoch), genesisTime: 0);
            entries[epoch - first] = new BeaconEntry(round, Fill(draft.Seed, "beacon"u8, epoch));
        }

        return entries;
    }

    private static Cid MessagesRoot(IReadOnlyList<ChainMessage> messages) => WriteMessages(new MemoryBlockstore(), messages);

    private Cid PutMessages(IReadOnlyList<ChainMessage> messages)
    {
        foreach (ChainMessage message in messages)
        {
            store.Put(message.Cid, message.Encode());
        }

        return WriteMessages(store, messages);
    }

    private static Cid WriteMessages(IBlockstore target, IReadOnlyList<ChainMessage> messages)
    {
        CborWriter meta = new();
        meta.WriteArrayHeader(2);
        foreach (bool signed in (ReadOnlySpan<bool>)[false, true])
        {
            Amt list = new(target, version: AmtVersion.V0);
            list.BatchSet(messages.Where(message => message.Signature is not null == signed).Select(static message => Link(message.Cid)));
            meta.WriteCid(list.Flush());
        }

        Cid root = Cid.Blake2b256(Multicodec.DagCbor, meta.WrittenSpan);
        target.Put(root, meta.ToArray());
        return root;
    }

    private static ReadOnlyMemory<byte> Link(in Cid cid)
    {
        CborWriter link = new();
        link.WriteCid(cid);
        return link.ToArray();
    }
}
