using System.Runtime.InteropServices;

namespace Fvm.Ipld;

/// <content>Writing changed nodes: level by level from the deepest, so that the nodes of a level are hashed together.</content>
public sealed partial class Hamt
{
    // Nodes hashed together at most; bounds the encoded nodes that are in memory before the store has them.
    private const int FlushBatch = 64;

    /// <summary>Writes the changed nodes, children first, and returns the root. Writes nothing if unchanged.</summary>
    public Cid Flush()
    {
        if (_flushed.IsDefault)
        {
            // The root has no pointer of its own; it gets one for its CID.
            HamtPointer root = HamtPointer.ToDirty(_root);
            List<HamtPointer> changed = [root];
            List<int> levels = [0];
            for (int next = 0; next < changed.Count;)
            {
                int end = changed.Count;
                for (; next < end; next++)
                {
                    AddChangedChildren(changed[next].Node!, changed);
                }

                levels.Add(end);
            }

            // Sound: nothing is added to the list from here on.
            for (int level = levels.Count - 2; level >= 0; level--)
            {
                Write(CollectionsMarshal.AsSpan(changed)[levels[level]..levels[level + 1]]);
            }

            _flushed = root.Link;
        }

        return _flushed;
    }

    private static void AddChangedChildren(HamtNode node, List<HamtPointer> changed)
    {
        foreach (object? decoded in node.Decoded)
        {
            if (decoded is HamtPointer { IsDirty: true } pointer)
            {
                changed.Add(pointer);
            }
        }
    }

    // Writes nodes whose children have CIDs.
    private void Write(ReadOnlySpan<HamtPointer> nodes)
    {
        ReadOnlyMemory<byte>[] blocks = new ReadOnlyMemory<byte>[Math.Min(nodes.Length, FlushBatch)];
        byte[][] arrays = new byte[blocks.Length][];
        Cid[] cids = new Cid[blocks.Length];
        for (; !nodes.IsEmpty; nodes = nodes[Math.Min(nodes.Length, FlushBatch)..])
        {
            int count = Math.Min(nodes.Length, FlushBatch);
            for (int index = 0; index < count; index++)
            {
                _writer.Reset();
                HamtCodec.Encode(_writer, nodes[index].Node!, _options.Version);
                arrays[index] = _writer.ToArray();
                blocks[index] = arrays[index];
            }

            Cid.Blake2b256(Multicodec.DagCbor, blocks.AsSpan(0, count), cids);
            for (int index = 0; index < count; index++)
            {
                _store.Put(in cids[index], arrays[index]);
                nodes[index].Link = cids[index];
            }
        }
    }
}
