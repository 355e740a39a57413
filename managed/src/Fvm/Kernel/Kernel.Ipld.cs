using Fvm.Ipld;

namespace Fvm;

internal sealed partial class Kernel
{
    /// <summary>Opens a reachable block.</summary>
    public Outcome BlockOpen(in Cid cid, out BlockId id, out BlockStat stat)
    {
        id = default;
        stat = default;
        if (!TryCharge(Prices.OnBlockOpenBase())) return Outcome.OutOfGas;

        // After the charge: the reference charges for failed opens, too.
        if (!Blocks.IsReachable(cid)) return Outcome.Error(ErrorNumber.NotFound, $"block not reachable: {cid}");

        if (Open(cid, out Block block).Failed(out Outcome outcome)) return outcome;

        if (!TryCharge(Prices.OnBlockOpen(block.Data.Length, block.Links.Length))) return Outcome.OutOfGas;

        stat = block.Stat;
        return Blocks.PutReachable(block, out id);
    }

    /// <summary>Creates a block from the actor's bytes; all its links must be reachable.</summary>
    public Outcome BlockCreate(ulong codec, ReadOnlySpan<byte> data, out BlockId id)
    {
        id = default;
        if (data.Length > _execution.Rules.Machine.MaxBlockLength)
        {
            return Outcome.Error(ErrorNumber.LimitExceeded, "blocks may not be larger than 1 MiB");
        }

        // Without link tracking the registry rejects codecs, after the charge.
        if (_execution.Rules.TracksLinks && codec is not (Multicodec.Cbor or Multicodec.DagCbor or Multicodec.Raw))
        {
            return Outcome.Error(ErrorNumber.IllegalCodec, $"codec {codec} is not allowed");
        }

        if (ScanLinks(codec, data, out Cid[] links, out LinkCount scanned).Failed(out Outcome outcome)) return outcome;

        if (!TryCharge(Prices.OnBlockCreate(data.Length, links.Length))) return Outcome.OutOfGas;

        return Blocks.PutCheckReachable(new Block(codec, _execution.BlockMemory.Keep(data), links, scanned), out id);
    }

    /// <summary>Hashes a block, stores it, and makes its CID reachable.</summary>
    public Outcome BlockLink(BlockId id, ulong hashFunction, uint hashLength, out Cid cid)
    {
        cid = default;
        if (hashFunction != MultihashCode.Blake2b256 || hashLength != 32)
        {
            return Outcome.Error(ErrorNumber.IllegalCid, "cids must be 32-byte blake2b");
        }

        if (!Blocks.TryGet(id, out Block block)) return BlockRegistry.InvalidHandle(id);

        if (!TryCharge(Prices.OnBlockLink(SupportedHash.Blake2b256, block.Data.Length))) return Outcome.OutOfGas;

        cid = Cid.Blake2b256(block.Codec, block.Data.Span);
        byte[] data = block.DataArray;
        _execution.Blockstore.Put(cid, data);
        _execution.BlockCache.Add(cid, new Block(block.Codec, data, block.Links, block.Scanned));
        Blocks.MarkReachable(cid);
        TraceBlock(IpldOperation.Put, cid, block.Data.Length);
        return Outcome.Ok;
    }

    /// <summary>
    /// Copies from a block. <paramref name="left"/> is the block's length minus the end of the requested range: negative if the buffer extends past
    /// the block's end, positive if more is left to read.
    /// </summary>
    public Outcome BlockRead(BlockId id, uint offset, Span<byte> buffer, out int left)
    {
        left = 0;
        ulong end = (ulong)offset + (ulong)buffer.Length;
        if (end > int.MaxValue) return Outcome.Error(ErrorNumber.IllegalArgument, "offset plus buffer length does not fit into 31 bits");

        if (!Blocks.TryGet(id, out Block block)) return BlockRegistry.InvalidHandle(id);

        ReadOnlySpan<byte> data = block.Data.Span;
        int start = (int)offset;
        int count = Math.Min(Math.Max(data.Length - start, 0), buffer.Length);
        if (!TryCharge(Prices.OnBlockRead(count))) return Outcome.OutOfGas;

        if (count != 0)
        {
            data.Slice(start, count).CopyTo(buffer);
        }

        left = data.Length - (int)end;
        return Outcome.Ok;
    }

    /// <summary>The codec and size of an open block.</summary>
    public Outcome BlockStat(BlockId id, out BlockStat stat)
    {
        stat = default;
        if (!TryCharge(Prices.OnBlockStat())) return Outcome.OutOfGas;

        if (!Blocks.TryGet(id, out Block block)) return BlockRegistry.InvalidHandle(id);

        stat = block.Stat;
        return Outcome.Ok;
    }

    // Reads a block and scans it for links, or takes both from an earlier time; the charge for the scan is the same.
    private Outcome Open(in Cid cid, out Block block)
    {
        if (_execution.BlockCache.TryGet(cid, out Block? known))
        {
            block = known;
            TraceBlock(IpldOperation.Get, cid, block.Data.Length);
            return _execution.Rules.TracksLinks ? LinkScan.Charge(block.Scanned, Prices, _execution.Gas) : Outcome.Ok;
        }

        block = null!;
        if (Read(cid) is not byte[] data) return Outcome.Fatal($"missing reachable state: {cid}");

        TraceBlock(IpldOperation.Get, cid, data.Length);
        if (ScanLinks(cid.Codec, data, out Cid[] links, out LinkCount scanned).Failed(out Outcome outcome)) return outcome;

        block = new Block(cid.Codec, data, links, scanned);
        _execution.BlockCache.Add(cid, block);
        return Outcome.Ok;
    }

    private byte[]? Read(in Cid cid)
    {
        try
        {
            return _execution.Blockstore.Get(cid);
        }
        catch (BlockstoreException)
        {
            // As with the reference, which caches nothing, a store that fails is asked for everything from now on.
            _execution.BlockCache.Clear();
            throw;
        }
    }

    private Outcome ScanLinks(ulong codec, ReadOnlySpan<byte> data, out Cid[] links, out LinkCount scanned)
    {
        if (_execution.Rules.TracksLinks) return LinkScan.Run(codec, data, Prices, _execution.Gas, out links, out scanned);

        links = [];
        scanned = default;
        return Outcome.Ok;
    }

    private void TraceBlock(IpldOperation operation, in Cid cid, int size)
    {
        if (_execution.Trace is ExecutionTrace trace && _execution.Rules.Machine.TracesBlocksAndLogs)
        {
            trace.Add(new IpldEvent(operation, cid, size));
        }
    }
}
