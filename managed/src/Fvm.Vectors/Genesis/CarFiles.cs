using Fvm.Ipld;

namespace Fvm.Vectors;

/// <summary>Writes the blocks of stores as CAR files, deterministically.</summary>
public static class CarFiles
{
    /// <summary>Writes all blocks of a store, ordered by CID.</summary>
    /// <param name="stream">Receives the file; stays open.</param>
    /// <param name="root">The header's only root.</param>
    public static void Write(Stream stream, Cid root, MemoryBlockstore store)
    {
        using CarWriter writer = new(stream, [root], pack: false, leaveOpen: true);
        writer.WriteMany(Sorted(store));
    }

    /// <summary>Writes the blocks of a state read from a file and the blocks added to it.</summary>
    /// <param name="stream">Receives the file; stays open.</param>
    /// <param name="root">The header's only root.</param>
    /// <param name="before">
    /// The original blocks. If they are in memory, all blocks are ordered by CID; otherwise they come last, in file order.
    /// </param>
    /// <param name="added">The added blocks.</param>
    /// <exception cref="InputException">A block of the file does not match its digest (if verified on reading).</exception>
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
