// States written as CAR files.
using Fvm.Ipld;

namespace Fvm.Vectors;

/// <summary>Writes the blocks of stores as CAR files. The same state gives the same bytes.</summary>
public static class CarFiles
{
    /// <summary>Writes all blocks of a store in the order of their CIDs.</summary>
    /// <param name="stream">Where the file goes; stays open.</param>
    /// <param name="root">The one root that the header names.</param>
    public static void Write(Stream stream, Cid root, MemoryBlockstore store)
    {
        using CarWriter writer = new(stream, [root], pack: false, leaveOpen: true);
        writer.WriteMany(Sorted(store));
    }

    /// <summary>Writes the blocks of a state that was read from a file, and those that were added to it.</summary>
    /// <param name="stream">Where the file goes; stays open.</param>
    /// <param name="root">The one root that the header names.</param>
    /// <param name="before">
    /// What was read. If it is held in memory all blocks are in the order of their CIDs; else its blocks come last, as they are read.
    /// </param>
    /// <param name="added">What was added.</param>
    /// <exception cref="InputException">A block of the file that is only read now has another digest.</exception>
    public static void Write(Stream stream, Cid root, CarStore before, MemoryBlockstore added)
    {
        if (before is CarBlockstore held)
        {
            MemoryBlockstore all = new();
            all.PutMany(held.Blocks);
            all.PutMany(added.Snapshot());
            Write(stream, root, all);
            return;
        }

        using CarWriter writer = new(stream, [root], pack: false, leaveOpen: true);
        writer.WriteMany(Sorted(added));
        try
        {
            writer.WriteMany(before.ReadAll().Where(block => !added.Has(block.Key)));
        }
        catch (CarException exception)
        {
            throw new InputException($"the state's file: {exception.Message}", exception);
        }
    }

    private static KeyValuePair<Cid, byte[]>[] Sorted(MemoryBlockstore store)
    {
        KeyValuePair<Cid, byte[]>[] blocks = store.Snapshot();
        Array.Sort(blocks, static (left, right) => left.Key.CompareTo(right.Key));
        return blocks;
    }
}
