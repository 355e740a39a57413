using Fvm.Ipld;

namespace Fvm.Vectors;

/// <summary>Makes a vector smaller as long as a property of it holds. Deterministic, if the property is.</summary>
/// <param name="trimmer">Finds the blocks that the messages read.</param>
/// <param name="holds">The property.</param>
/// <param name="maxAttempts">The number of times that the property is looked at.</param>
public sealed class VectorMinimiser(StateTrimmer trimmer, Func<Vector, bool> holds, int maxAttempts)
{
    /// <summary>The number of times that the property was looked at.</summary>
    public int Attempts { get; private set; }

    /// <summary>Whether there were attempts left in the end.</summary>
    public bool IsComplete => Attempts < maxAttempts;

    /// <summary>The smallest vector found.</summary>
    /// <param name="vector">A vector of which the property holds.</param>
    /// <param name="changesMessages">
    /// Whether variants and messages may be removed, and messages be made smaller; the vector's results then are not those of its messages any more.
    /// </param>
    /// <exception cref="InputException">The vector's state or one of its messages cannot be read.</exception>
    public Vector Minimise(Vector vector, bool changesMessages)
    {
        vector = ReduceBlocks(vector);
        if (changesMessages)
        {
            IReadOnlyList<VectorVariant> variants = ListReducer.Reduce(
                vector.Variants, kept => kept.Count > 0 && Holds(vector with { Variants = kept }));
            vector = ReduceMessages(vector with { Variants = variants });
            for (int index = 0; index < vector.Messages.Count; index++)
            {
                vector = Shrink(vector, index);
            }

            vector = ReduceBlocks(vector);
        }

        vector = vector with { Randomness = ListReducer.Reduce(vector.Randomness, kept => Holds(vector with { Randomness = kept })) };
        return vector with { TipsetCids = ListReducer.Reduce(vector.TipsetCids, kept => Holds(vector with { TipsetCids = kept })) };
    }

    private bool Holds(Vector vector)
    {
        if (Attempts >= maxAttempts)
        {
            return false;
        }

        Attempts++;
        return holds(vector);
    }

    // Blocks that this machine does not read may be read by another one.
    private Vector ReduceBlocks(Vector vector)
    {
        CarBlockstore state = CarBlocks.Read(vector.Car, "car");
        IReadOnlySet<Cid> needed = trimmer.Needed(vector, state);
        Cid root = StateTrimmer.RootOf(vector);
        KeyValuePair<Cid, byte[]>[] read = [.. state.Blocks.Where(block => needed.Contains(block.Key))];
        KeyValuePair<Cid, byte[]>[] others = [.. state.Blocks.Where(block => !needed.Contains(block.Key)).OrderBy(static block => block.Key)];
        return With(ListReducer.Reduce(others, kept => Holds(With(kept))));

        Vector With(IReadOnlyList<KeyValuePair<Cid, byte[]>> kept) => vector with { Car = StateTrimmer.CarOf(root, read.Concat(kept)) };
    }

    private Vector ReduceMessages(Vector vector)
    {
        Renumbering numbers = new(vector.Messages);
        int[] all = [.. Enumerable.Range(0, vector.Messages.Count)];
        return With(ListReducer.Reduce(all, kept => kept.Count > 0 && Holds(With(kept))));

        Vector With(IReadOnlyList<int> kept) => vector with { Messages = numbers.Keep(kept) };
    }

    private Vector Shrink(Vector vector, int index)
    {
        bool isSmaller;
        do
        {
            isSmaller = false;
            VectorMessage source = vector.Messages[index];
            foreach (Message candidate in MessageShrinker.Candidates(Renumbering.Decode(source, index)))
            {
                byte[] bytes = candidate.Encode();
                VectorMessage message = source with { Bytes = bytes, RawLength = RawLengths.Of(candidate, bytes.Length) };
                Vector smaller = vector with { Messages = [.. vector.Messages.Take(index), message, .. vector.Messages.Skip(index + 1)] };
                if (Holds(smaller))
                {
                    vector = smaller;
                    isSmaller = true;
                    break;
                }
            }
        }
        while (isSmaller);
        return vector;
    }
}
