using Fvm.Chain;
using Fvm.Ipld;

namespace Fvm.Node;

/// <summary>
/// A chain in a file: a CAR, plain or packed, whose root block says which chain it is. Blocks of states follow, and between them blocks with
/// changes (<see cref="ChainChanges"/>), each with the CID of the one before. Where the file ends within a block, what follows the last changes does
/// not count.
/// </summary>
internal sealed class SavedChain
{
    private const int MaxBlockBytes = 256 << 20;
    private const int MaxWaiting = MessagePool.MaxInAll;

    private readonly Dictionary<EthHash, PoolMessage> _waiting = [];
    private readonly long _historyBytes;
    private readonly List<KeyValuePair<Cid, byte[]>> _fresh = [];

    private SavedChain(ChainIdentity identity, long historyBytes)
    {
        Identity = identity;
        _historyBytes = historyBytes;
    }

    /// <summary>Which chain it is.</summary>
    public ChainIdentity Identity { get; }

    /// <summary>The blocks of states, messages and headers.</summary>
    public StateStore States { get; } = new();

    /// <summary>The blocks of the chain.</summary>
    public ChainHistory History { get; private set; } = null!;

    /// <summary>The messages that wait.</summary>
    public IReadOnlyCollection<PoolMessage> Waiting => _waiting.Values;

    /// <summary>What is settled about the next block.</summary>
    public NextBlock Next { get; private set; } = new();

    /// <summary>The CID of the last changes.</summary>
    public Cid Last { get; private set; }

    /// <summary>The length of the file as far as it counts, in bytes.</summary>
    public long Length { get; private set; }

    /// <summary>Whether it has its end: without it, a copy of a chain is incomplete.</summary>
    public bool IsWhole { get; private set; }

    /// <summary>Reads a chain.</summary>
    /// <param name="stream">The file.</param>
    /// <param name="maxBytes">The most bytes after decompression.</param>
    /// <param name="node">What the chain must be.</param>
    /// <param name="historyBytes">The most memory of old blocks.</param>
    /// <param name="below">Blocks that are not saved; null for none.</param>
    /// <param name="mayBeCut">Whether the file may end within a block.</param>
    /// <exception cref="FormatException">It is none, or damaged.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static SavedChain Read(Stream stream, long maxBytes, ChainIdentity node, long historyBytes, IBlockstore? below, bool mayBeCut)
    {
        using CarReader reader = new(stream, new CarReadOptions { MaxTotalLength = maxBytes, MaxBlockLength = MaxBlockBytes });
        if (!reader.TryReadNext(out Cid root, out byte[] first) || reader.Roots.Count != 1 || reader.Roots[0] != root || !ChainIdentity.IsOwn(root))
        {
            throw new FormatException("it is no saved chain");
        }

        SavedChain chain = new(ChainIdentity.Decode(first), historyBytes) { Last = root };
        if (chain.Identity.ProblemFor(node) is string problem)
        {
            throw new FormatException(problem);
        }

        long place = reader.Offset;
        try
        {
            while (reader.TryReadNext(out Cid cid, out byte[] block))
            {
                if (ChainIdentity.IsOwn(cid))
                {
                    chain.Apply(cid, block);
                    chain.Length = reader.Offset;
                }
                else
                {
                    chain._fresh.Add(new(cid, block));
                }

                place = reader.Offset;
            }
        }
        catch (CarException) when (mayBeCut && reader.IsCutOff)
        {
            // What was being written when the node was killed, and so acknowledged to nobody.
        }
        catch (FormatException exception) when (exception is not CarException)
        {
            throw new FormatException($"byte {place}: {exception.Message}", exception);
        }

        if (chain.History is null || !(mayBeCut || chain.IsWhole)
            || !(chain.States.Has(chain.History.Head.State) || below?.Has(chain.History.Head.State) == true))
        {
            throw new FormatException("it is incomplete");
        }

        return chain;
    }

    private void Apply(Cid cid, byte[] block)
    {
        CborReader reader = new(block, CborRules.Canonical);
        reader.ReadArrayHeader(2);
        if (!reader.ReadBytes().SequenceEqual(Last.ToBytes()))
        {
            throw new FormatException("changes do not follow the ones before");
        }

        States.PutMany(_fresh);
        _fresh.Clear();
        int count = reader.ReadArrayHeader();
        for (int i = 0; i < count; i++)
        {
            reader.ReadArrayHeader(2);
            ApplyOne((ChangeKind)reader.ReadUInt32(), ref reader);
        }

        reader.EnsureEnd();
        Last = cid;
    }

    private void ApplyOne(ChangeKind kind, ref CborReader reader)
    {
        if (History is null && kind != ChangeKind.Append)
        {
            throw new FormatException("the first change is no block");
        }

        switch (kind)
        {
            case ChangeKind.Append:
                Append(BlockRecord.Decode(reader.ReadBytes(), Identity.ChainId));
                break;
            case ChangeKind.ReplaceHead:
                LocalBlock head = BlockRecord.Decode(reader.ReadBytes(), Identity.ChainId);
                History!.ReplaceHead(head.Hash == History.Head.Hash ? head : throw new FormatException("another head than the last block"));
                break;
            case ChangeKind.Truncate:
                ulong number = reader.ReadUInt();
                _ = number <= History!.Head.Number ? History.Truncate(History.AtOrBefore(number)) : throw new FormatException("no such block");
                break;
            case ChangeKind.AddWaiting:
                PoolMessage message = ReadWaiting(ref reader);
                _waiting[message.Hash] = _waiting.Count < MaxWaiting ? message : throw new FormatException("too many messages wait");
                break;
            case ChangeKind.RemoveWaiting:
                _ = _waiting.Remove(ReadHash(ref reader));
                break;
            case ChangeKind.SetNext:
                Next = ReadNext(ref reader);
                break;
            case ChangeKind.End:
                reader.ReadNull();
                IsWhole = true;
                break;
            default:
                throw new FormatException($"a change of the unknown kind {(uint)kind}");
        }
    }

    private void Append(LocalBlock block)
    {
        if (History is null)
        {
            History = new ChainHistory(block, Identity.ChainId, _historyBytes);
            return;
        }

        // Blocks that are no longer kept leave a gap behind the first one.
        bool follows = block.ParentHash == History.Head.Hash || History.Head.Hash == History.First.Hash;
        History.Append(follows && block.Number > History.Head.Number ? block : throw new FormatException("a block does not follow the last one"));
    }

    private PoolMessage ReadWaiting(ref CborReader reader)
    {
        reader.ReadArrayHeader(6);
        EthHash hash = ReadHash(ref reader);
        ChainMessage message = BlockRecord.ReadChainMessage(ref reader);
        EthTransaction? transaction = reader.ReadBool() ? BlockRecord.TransactionOf(message, Identity.ChainId) : null;
        PoolMessage waiting = new(hash, message, transaction, reader.ReadBool());
        return reader.TryReadNull()
            ? waiting
            : waiting with { Signature = new ChainSignature(ChainSignatureKind.Bls, reader.ReadBytes().ToArray()) };
    }

    private static NextBlock ReadNext(ref CborReader reader)
    {
        reader.ReadArrayHeader(4);
        TokenAmount? fee = reader.TryReadNull() ? null
            : TokenAmount.TryFromBytes(reader.ReadBytes(), out TokenAmount amount) ? amount
            : throw new FormatException("expected an amount");
        return new NextBlock
        {
            BaseFee = fee,
            Timestamp = reader.TryReadNull() ? null : reader.ReadUInt(),
            Interval = reader.TryReadNull() ? null : reader.ReadUInt(),
            ClockOffset = reader.ReadInt(),
        };
    }

    private static EthHash ReadHash(ref CborReader reader)
    {
        ReadOnlySpan<byte> bytes = reader.ReadBytes();
        return bytes.Length == EthHash.Length ? new EthHash(bytes) : throw new FormatException("expected a hash");
    }
}
