using Fvm.Ipld;

namespace Fvm.Vectors;

/// <summary>Counts the calls of a host, and tells which ones fail. For one machine, hence one thread at a time.</summary>
/// <param name="failures">The calls that fail.</param>
internal sealed class HostFailures(IReadOnlyList<VectorHostFailure> failures)
{
    private readonly uint[] _counts = new uint[VectorHostFailure.Calls.Count];

    /// <summary>Counts a call.</summary>
    /// <returns>Whether it fails.</returns>
    public bool Fails(string call)
    {
        if (failures.Count == 0)
        {
            return false;
        }

        for (int kind = 0; kind < _counts.Length; kind++)
        {
            if (VectorHostFailure.Calls[kind] == call)
            {
                uint count = ++_counts[kind];
                return failures.Any(failure => failure.Call == call && failure.At == count);
            }
        }

        throw new ArgumentException($"a host has no call {call}", nameof(call));
    }

    /// <summary>The store with calls that fail; the store itself if none does.</summary>
    public IBlockstore Of(IBlockstore store) => failures.Any(static failure => failure.Call.StartsWith("block_", StringComparison.Ordinal))
        ? new FailingBlockstore(store, this)
        : store;

    // Only blocks that are found count, so that a store of several layers counts each once; and no code, for which an engine asks only as long as
    // it has not compiled it.
    private sealed class FailingBlockstore(IBlockstore store, HostFailures failures) : IBlockstore
    {
        public byte[]? Get(in Cid cid)
        {
            byte[]? block = store.Get(cid);
            if (block is not null)
            {
                Count(VectorHostFailure.BlockGet, cid);
            }

            return block;
        }

        public bool Has(in Cid cid)
        {
            bool has = store.Has(cid);
            if (has)
            {
                Count(VectorHostFailure.BlockHas, cid);
            }

            return has;
        }

        public void Put(in Cid cid, byte[] block)
        {
            Count(VectorHostFailure.BlockPut, cid);
            store.Put(cid, block);
        }

        public void PutMany(IEnumerable<KeyValuePair<Cid, byte[]>> blocks)
        {
            foreach ((Cid cid, byte[] block) in blocks)
            {
                Put(cid, block);
            }
        }

        private void Count(string call, in Cid cid)
        {
            if (cid.Codec == Multicodec.DagCbor && failures.Fails(call))
            {
                throw new BlockstoreException($"the vector lets this {call} of {cid} fail");
            }
        }
    }
}
