using Fvm.Ipld;

namespace Fvm.Chain;

/// <summary>
/// Executes tipsets and writes the blocks that this took as a snapshot of its own: of equal tipsets the same file, whatever the order in which
/// they were executed. Thread-safe if the store is.
/// </summary>
public sealed class ChainExporter
{
    private readonly IBlockstore _store;
    private readonly BlockRecorder _recorder;
    private readonly ChainReplayer _replayer;
    private readonly ChainReader _reader;

    /// <param name="pool">A pool without prepared code: code that a pool has already is not read again, and would be missing in the snapshot.</param>
    /// <param name="store">The chain.</param>
    /// <param name="network">The network.</param>
    /// <param name="verifier">Verifies proofs by the rules of a network version; null if all count as valid.</param>
    public ChainExporter(EnginePool pool, IBlockstore store, NetworkParameters network, Func<NetworkVersion, IProofs>? verifier = null)
    {
        if (pool.Prepared > 0)
        {
            throw new ArgumentException("the pool has prepared code", nameof(pool));
        }

        _store = store;
        _recorder = new BlockRecorder(store);
        _reader = new ChainReader(_recorder);
        _replayer = new ChainReplayer(new TipsetExecutor(pool, _reader, network) { Verifier = verifier });

        // By the genesis block a snapshot's network is recognised.
        _ = network.Genesis is Cid genesis && _recorder.Has(genesis);
    }

    /// <summary>Checks a tipset, and takes what it needs into the snapshot.</summary>
    /// <param name="item">The tipset, as read without this exporter.</param>
    /// <exception cref="ChainException">A header is missing.</exception>
    public TipsetReport Check(ReplayItem item) =>
        _replayer.Check(new ReplayItem(_reader.Load(item.Tipset.Cids), _reader.Load(item.Child.Cids)));

    /// <summary>Writes the snapshot: a CAR file of version 1, the blocks in the order of their CIDs.</summary>
    /// <param name="stream">Receives the file; stays open.</param>
    /// <param name="head">The child of the last tipset.</param>
    /// <returns>The number of blocks, and the sum of their lengths.</returns>
    public (int Blocks, long Bytes) Write(Stream stream, Tipset head)
    {
        Cid[] read = _recorder.Read;
        long bytes = 0;
        using CarWriter writer = new(stream, [.. head.Cids], leaveOpen: true);
        foreach (Cid cid in read)
        {
            byte[] block = _store.Get(cid) ?? throw new ChainException($"the block {cid} is not there any more");
            writer.Write(cid, block);
            bytes += block.Length;
        }

        return (read.Length, bytes);
    }
}
