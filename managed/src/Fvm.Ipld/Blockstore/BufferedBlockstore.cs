namespace Fvm.Ipld;

/// <summary>
/// A write buffer above a read-only base store; a flush moves the blocks reachable from a root to the base. Not thread-safe.
/// </summary>
/// <remarks>
/// The flush rules are the reference's (fvm/src/blockstore/buffered.rs). A block not in the buffer is assumed to be in the base already, with
/// everything below it. Commitments of sectors and pieces are skipped; raw, CBOR and DAG-CBOR blocks are moved; any other codec is an error,
/// as is a hash other than identity or full-length BLAKE2b-256. Only DAG-CBOR blocks are scanned for links; inline (identity) blocks are
/// scanned but not stored.
/// </remarks>
public sealed class BufferedBlockstore : ISharingBlockstore, IPrefetchingBlockstore
{
    private readonly IBlockstore _base;
    private readonly ISharingBlockstore? _sharingBase;
    private readonly IPrefetchingBlockstore? _prefetchingBase;
    private readonly Dictionary<Cid, byte[]> _buffer = [];

    /// <summary>An empty buffer above <paramref name="baseStore"/>.</summary>
    public BufferedBlockstore(IBlockstore baseStore)
    {
        _base = baseStore;
        _sharingBase = baseStore as ISharingBlockstore;
        _prefetchingBase = baseStore as IPrefetchingBlockstore;
    }

    /// <summary>The base store.</summary>
    public IBlockstore Base => _base;

    /// <summary>The number of buffered blocks.</summary>
    public int Count => _buffer.Count;

    /// <summary>The number of blocks put, flushed or not, including duplicates.</summary>
    public long BlocksWritten { get; private set; }

    /// <summary>The number of bytes put, flushed or not, including duplicates.</summary>
    public long BytesWritten { get; private set; }

    /// <summary>The buffered blocks, unordered. Nothing may be put or flushed during enumeration.</summary>
    public IEnumerable<KeyValuePair<Cid, byte[]>> Blocks => _buffer;

    /// <inheritdoc/>
    public byte[]? Get(in Cid cid) => _buffer.TryGetValue(cid, out byte[]? block) ? block : _base.Get(in cid);

    /// <inheritdoc/>
    public byte[]? Get(in Cid cid, out CachedBlock? shared)
    {
        shared = null;
        return _buffer.TryGetValue(cid, out byte[]? block) ? block
            : _sharingBase is null ? _base.Get(in cid)
            : _sharingBase.Get(in cid, out shared);
    }

    /// <inheritdoc/>
    public void Share(CachedBlock known) => _sharingBase?.Share(known);

    /// <inheritdoc/>
    // Blocks of the buffer were written by this machine not long ago.
    public void PrefetchPlace(in Cid cid) => _prefetchingBase?.PrefetchPlace(in cid);

    /// <inheritdoc/>
    public byte[]? Glance(in Cid cid, out CachedBlock? shared)
    {
        shared = null;
        return _prefetchingBase?.Glance(in cid, out shared);
    }

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

    /// <summary>Moves the buffered blocks reachable from <paramref name="root"/> to the base, the root first; the others stay.</summary>
    /// <exception cref="BlockstoreException">A reachable block has a forbidden codec or hash, or is malformed DAG-CBOR; or the base failed. The
    /// buffer is then unchanged.</exception>
    public void Flush(in Cid root)
    {
        List<KeyValuePair<Cid, byte[]>> taken = new(_buffer.Count);
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

    /// <summary>Discards the buffered blocks.</summary>
    public void Clear() => _buffer.Clear();

    private void TakeReachable(in Cid root, List<KeyValuePair<Cid, byte[]>> taken)
    {
        DigestFilter buffered = FilterOfBuffer();
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
                    PushLinks(in cid, cid.Digest, in buffered, pending);
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
                    PushLinks(in cid, block, in buffered, pending);
                }
            }
        }
    }

    private DigestFilter FilterOfBuffer()
    {
        DigestFilter buffered = new(_buffer.Count);
        foreach (Cid cid in _buffer.Keys)
        {
            if (cid.IsUsual)
            {
                buffered.Add(cid.ShortForm);
            }
        }

        return buffered;
    }

    private static void PushLinks(in Cid cid, ReadOnlySpan<byte> block, in DigestFilter buffered, List<Cid> pending)
    {
        LinkScanner scanner = new(block, forgiveTails: true);
        while (true)
        {
            // Of the links of a changed node most are unchanged: of blocks that the base has.
            scanner.SkipUnbuffered(in buffered);
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
                if (scanner.TryReadUsualLink(out byte codec, out ReadOnlySpan<byte> digest))
                {
                    bool isBlock = codec is (byte)Multicodec.Raw or (byte)Multicodec.DagCbor or (byte)Multicodec.Cbor;
                    if (isBlock && !buffered.MayHave(new ShortDigest(digest)))
                    {
                        continue;
                    }

                    pending.Add(Cid.CreateV1(codec, MultihashCode.Blake2b256, digest));
                    continue;
                }

                if (!scanner.TryReadLink(out Cid link))
                {
                    throw new BlockstoreException($"cannot flush {cid}: {scanner.Problem}");
                }

                pending.Add(link);
            }
        }
    }
}
