// States written as CAR files.
using Fvm.Ipld;
using Fvm.Ipld.Blockstore;
using Fvm.Ipld.Car;

namespace Fvm.Vectors;

/// <summary>Writes the blocks of a store as a CAR file, in the order of their CIDs, so that the same state gives the same bytes.</summary>
public static class CarFiles
{
    /// <summary>Writes all blocks of a store.</summary>
    /// <param name="stream">Where the file goes; stays open.</param>
    /// <param name="root">The one root that the header names.</param>
    public static void Write(Stream stream, Cid root, MemoryBlockstore store)
    {
        KeyValuePair<Cid, byte[]>[] blocks = store.Snapshot();
        Array.Sort(blocks, static (left, right) => left.Key.CompareTo(right.Key));
        using CarWriter writer = new(stream, [root], pack: false, leaveOpen: true);
        writer.WriteMany(blocks);
    }
}
