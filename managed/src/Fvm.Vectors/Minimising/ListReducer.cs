namespace Fvm.Vectors;

/// <summary>Shortens lists as long as a property holds.</summary>
internal static class ListReducer
{
    /// <summary>Removes all elements if it can, else halves, quarters and so on down to single elements; the order of the rest stays.</summary>
    public static IReadOnlyList<T> Reduce<T>(IReadOnlyList<T> items, Func<IReadOnlyList<T>, bool> holds)
    {
        IReadOnlyList<T> kept = items;
        for (int size = kept.Count; size >= 1; size = Math.Min(size, kept.Count + 1) / 2)
        {
            for (int at = 0; at < kept.Count;)
            {
                List<T> candidate = [.. kept.Take(at), .. kept.Skip(at + size)];
                if (holds(candidate))
                {
                    kept = candidate;
                }
                else
                {
                    at += size;
                }
            }
        }

        return kept;
    }
}
