using Fvm.Ipld;

namespace Fvm.Chain;

/// <summary>A block of the chain: in CBOR a list of sixteen (Lotus: <c>chain/types/blockheader.go</c>).</summary>
public sealed record BlockHeader
{
    private const int FieldCount = 16;

    /// <summary>The miner.</summary>
    public required Address Miner { get; init; }

    /// <summary>The ticket's proof, by which blocks are ordered and randomness is drawn; null if there is none.</summary>
    public ReadOnlyMemory<byte>? Ticket { get; init; }

    /// <summary>The parent tipset's blocks, in their order.</summary>
    public required IReadOnlyList<Cid> Parents { get; init; }

    /// <summary>The weight of the chain up to the parents.</summary>
    public TokenAmount ParentWeight { get; init; }

    /// <summary>The epoch.</summary>
    public required ChainEpoch Epoch { get; init; }

    /// <summary>The state after the parent tipset's messages: the state that this block's messages run on.</summary>
    public required Cid ParentState { get; init; }

    /// <summary>The receipts of the parent tipset's messages.</summary>
    public required Cid ParentReceipts { get; init; }

    /// <summary>The root of the block's messages.</summary>
    public required Cid Messages { get; init; }

    /// <summary>The aggregate of the BLS messages' signatures.</summary>
    public ChainSignature? BlsAggregate { get; init; }

    /// <summary>Seconds since 1970.</summary>
    public required ulong Timestamp { get; init; }

    /// <summary>The miner's signature.</summary>
    public ChainSignature? Signature { get; init; }

    /// <summary>Not used.</summary>
    public ulong ForkSignal { get; init; }

    /// <summary>The base fee after the parent tipset: that of this block's messages.</summary>
    public TokenAmount BaseFee { get; init; }

    /// <summary>How many elections the block won; 0 without a proof of it.</summary>
    public long WinCount => Election?.WinCount ?? 0;

    /// <summary>The rounds of the beacon that the block has entries of.</summary>
    public IReadOnlyList<ulong> BeaconRounds => [.. BeaconEntries.Select(static entry => entry.Round)];

    /// <summary>The proof of having won; null if there is none.</summary>
    public ElectionProof? Election { get; init; }

    /// <summary>Entries of the random beacon.</summary>
    public IReadOnlyList<BeaconEntry> BeaconEntries { get; init; } = [];

    /// <summary>Proofs of spacetime.</summary>
    public IReadOnlyList<WinningPost> WinningPosts { get; init; } = [];

    /// <summary>
    /// Decodes a header with the leniency of Lotus's decoder: what follows it is ignored, and amounts may have leading zeros. So the CID is that of
    /// <see cref="Encode"/>, not of the bytes.
    /// </summary>
    /// <exception cref="CborException">The bytes are not a header.</exception>
    public static BlockHeader Decode(ReadOnlySpan<byte> bytes)
    {
        CborReader reader = new(bytes, CborRules.Canonical);
        reader.ReadArrayHeader(FieldCount);
        return new BlockHeader
        {
            Miner = ChainCbor.ReadAddress(ref reader),
            Ticket = reader.TryReadNull() ? null : ReadTicket(ref reader),
            Election = reader.TryReadNull() ? null : ReadElection(ref reader),
            BeaconEntries = ChainCbor.ReadList(ref reader, ReadBeaconEntry),
            WinningPosts = ChainCbor.ReadList(ref reader, ReadWinningPost),
            Parents = ChainCbor.ReadList(ref reader, static (ref CborReader item) => item.ReadCid()),
            ParentWeight = ChainCbor.ReadAmount(ref reader),
            Epoch = new ChainEpoch(reader.ReadInt()),
            ParentState = reader.ReadCid(),
            ParentReceipts = reader.ReadCid(),
            Messages = reader.ReadCid(),
            BlsAggregate = reader.TryReadNull() ? null : ChainCbor.ReadSignature(ref reader),
            Timestamp = reader.ReadUInt(),
            Signature = reader.TryReadNull() ? null : ChainCbor.ReadSignature(ref reader),
            ForkSignal = reader.ReadUInt(),
            BaseFee = ChainCbor.ReadAmount(ref reader),
        };
    }

    /// <summary>The header in CBOR.</summary>
    public byte[] Encode()
    {
        CborWriter writer = new(1024);
        writer.WriteArrayHeader(FieldCount);
        ChainCbor.WriteAddress(writer, Miner);
        WriteElection(writer);
        writer.WriteArrayHeader(Parents.Count);
        foreach (Cid parent in Parents)
        {
            writer.WriteCid(parent);
        }

        ChainCbor.WriteAmount(writer, ParentWeight);
        writer.WriteInt(Epoch.Value);
        writer.WriteCid(ParentState);
        writer.WriteCid(ParentReceipts);
        writer.WriteCid(Messages);
        WriteSignature(writer, BlsAggregate);
        writer.WriteUInt(Timestamp);
        WriteSignature(writer, Signature);
        writer.WriteUInt(ForkSignal);
        ChainCbor.WriteAmount(writer, BaseFee);
        return writer.ToArray();
    }

    /// <summary>The header's CID.</summary>
    public Cid ToCid() => Cid.Blake2b256(Multicodec.DagCbor, Encode());

    private static ReadOnlyMemory<byte>? ReadTicket(ref CborReader reader)
    {
        reader.ReadArrayHeader(1);
        return ChainCbor.ReadBytes(ref reader);
    }

    private static ElectionProof ReadElection(ref CborReader reader)
    {
        reader.ReadArrayHeader(2);
        return new ElectionProof(reader.ReadInt(), ChainCbor.ReadBytes(ref reader));
    }

    private static BeaconEntry ReadBeaconEntry(ref CborReader reader)
    {
        reader.ReadArrayHeader(2);
        return new BeaconEntry(reader.ReadUInt(), ChainCbor.ReadBytes(ref reader));
    }

    private static WinningPost ReadWinningPost(ref CborReader reader)
    {
        reader.ReadArrayHeader(2);
        return new WinningPost(reader.ReadInt(), ChainCbor.ReadBytes(ref reader));
    }

    private static void WriteSignature(CborWriter writer, ChainSignature? signature)
    {
        if (signature is null)
        {
            writer.WriteNull();
        }
        else
        {
            ChainCbor.WriteSignature(writer, signature);
        }
    }

    private void WriteElection(CborWriter writer)
    {
        if (Ticket is ReadOnlyMemory<byte> ticket)
        {
            writer.WriteArrayHeader(1);
            writer.WriteBytes(ticket.Span);
        }
        else
        {
            writer.WriteNull();
        }

        if (Election is ElectionProof election)
        {
            writer.WriteArrayHeader(2);
            writer.WriteInt(election.WinCount);
            writer.WriteBytes(election.VrfProof.Span);
        }
        else
        {
            writer.WriteNull();
        }

        writer.WriteArrayHeader(BeaconEntries.Count);
        foreach (BeaconEntry entry in BeaconEntries)
        {
            writer.WriteArrayHeader(2);
            writer.WriteUInt(entry.Round);
            writer.WriteBytes(entry.Data.Span);
        }

        writer.WriteArrayHeader(WinningPosts.Count);
        foreach (WinningPost post in WinningPosts)
        {
            writer.WriteArrayHeader(2);
            writer.WriteInt(post.Kind);
            writer.WriteBytes(post.Proof.Span);
        }
    }
}
