// The machine's write buffer.
namespace Fvm.Ipld;

/// <summary>
/// Keeps what is written in memory, above a base store that is only read, until a flush moves the blocks that a root reaches down to
/// the base. One thread at a time may use it.
/// </summary>
/// <remarks>
/// The rules of a flush are the reference's (fvm/src/blockstore/buffered.rs). A block that is not in the buffer is taken to be in the
/// base already, with all below it. Commitments of sectors and pieces are passed over; raw, CBOR and DAG-CBOR blocks are moved; any
/// other codec is an error. So is a hash that is neither identity nor BLAKE2b-256 in full length. Only DAG-CBOR blocks are scanned for
/// links, and inline (identity) ones are scanned but not stored.
/// </remarks>
public sealed class BufferedBlockstore : IBlockstore
{
    private readonly IBlockstore _base;
    private readonly Dictionary<Cid, byte[]> _buffer = [];

    /// <summary>An empty buffer above <paramref name="baseStore"/>.</summary>
    public BufferedBlockstore(IBlockstore baseStore)
    {
        _base = baseStore;
    }

    /// <summary>The store below.</summary>
    public IBlockstore Base => _base;

    /// <summary>How many blocks the buffer holds.</summary>
    public int Count => _buffer.Count;

    /// <summary>How many blocks were put, flushed or not, repetitions counted.</summary>
    public long BlocksWritten { get; private set; }

    /// <summary>How many bytes were put, flushed or not, repetitions counted.</summary>
    public long BytesWritten { get; private set; }

    /// <summary>The blocks in the buffer, in no order. Nothing may be put or flushed while they are enumerated.</summary>
    public IEnumerable<KeyValuePair<Cid, byte[]>> Blocks => _buffer;

    /// <inheritdoc/>
    public byte[]? Get(in Cid cid) => _buffer.TryGetValue(cid, out byte[]? block) ? block : _base.Get(in cid);

    /// <inheritdoc/>
    public bool Has(in Cid cid) => _buffer.ContainsKey(cid) || _base.Has(in cid);

    /// <inheritdoc/>
    public void Put(in Cid cid, byte[] block)
    {
        BlocksWritten++;
        BytesWritten += block.Length;
        _buffer[cid] = block;
    }

    /// <inheritdoc/>
    public void PutMany(IEnumerable<KeyValuePair<Cid, byte[]>> blocks)
    {
        foreach (KeyValuePair<Cid, byte[]> block in blocks)
        {
            Cid cid = block.Key;
            Put(in cid, block.Value);
        }
    }

    /// <summary>Moves the buffered blocks that <paramref name="root"/> reaches to the base, the root first; the others stay.</summary>
    /// <exception cref="BlockstoreException">A block on the way has a codec or hash that must not be stored, or is no DAG-CBOR; or the
    /// base failed. The buffer is then as it was.</exception>
    public void Flush(in Cid root)
    {
        List<KeyValuePair<Cid, byte[]>> taken = [];
        try
        {
            TakeReachable(in root, taken);
            _base.PutMany(taken);
        }
        catch
        {
            foreach (KeyValuePair<Cid, byte[]> block in taken)
            {
                _buffer[block.Key] = block.Value;
            }

            throw;
        }
    }

    /// <summary>Moves all buffered blocks to the base, reachable or not.</summary>
    public void FlushAll()
    {
        _base.PutMany(_buffer);
        _buffer.Clear();
    }

    /// <summary>Forgets what is buffered.</summary>
    public void Clear() => _buffer.Clear();

    private void TakeReachable(in Cid root, List<KeyValuePair<Cid, byte[]>> taken)
    {
        List<Cid> pending = [root];
        while (pending.Count > 0)
        {
            Cid cid = pending[^1];
            pending.RemoveAt(pending.Count - 1);
            switch (cid.Codec)
            {
                case Multicodec.FilCommitmentUnsealed or Multicodec.FilCommitmentSealed:
                    continue;
                case Multicodec.Raw or Multicodec.DagCbor or Multicodec.Cbor:
                    break;
                default:
                    throw new BlockstoreException($"cannot flush {cid}: its codec 0x{cid.Codec:x} is not raw, CBOR or DAG-CBOR");
            }

            if (cid.MultihashCode == MultihashCode.Identity)
            {
                if (cid.Codec == Multicodec.DagCbor)
                {
                    PushLinks(in cid, cid.Digest, pending);
                }
            }
            else if (cid.MultihashCode != MultihashCode.Blake2b256 || cid.DigestLength != 32)
            {
                throw new BlockstoreException(
                    $"cannot flush {cid}: its hash 0x{cid.MultihashCode:x} of {cid.DigestLength} bytes is not BLAKE2b-256");
            }
            else if (_buffer.Remove(cid, out byte[]? block))
            {
                taken.Add(new KeyValuePair<Cid, byte[]>(cid, block));
                if (cid.Codec == Multicodec.DagCbor)
                {
                    PushLinks(in cid, block, pending);
                }
            }
        }
    }

    private static void PushLinks(in Cid cid, ReadOnlySpan<byte> block, List<Cid> pending)
    {
        LinkScanner scanner = new(block, forgiveTails: true);
        while (true)
        {
            scanner.SkipFields(ulong.MaxValue);
            if (!scanner.More)
            {
                break;
            }

            LinkScanStep step = scanner.ReadField();
            if (step == LinkScanStep.Malformed)
            {
                throw new BlockstoreException($"cannot flush {cid}: {scanner.Problem}");
            }

            if (step == LinkScanStep.Link)
            {
                if (!scanner.TryReadLink(out Cid link))
                {
                    throw new BlockstoreException($"cannot flush {cid}: {scanner.Problem}");
                }

                pending.Add(link);
            }
        }
    }
}
