namespace Fvm.Vectors;

/// <summary>Suggests the nearest known name for an unknown one.</summary>
internal static class NearestName
{
    private const int MaxNameLength = 40;

    /// <summary>The known name with the smallest edit distance, at most a third of the name's letters (or 1); otherwise null.</summary>
    public static string? Of(string name, ReadOnlySpan<string> known)
    {
        if (name.Length > MaxNameLength)
        {
            return null;
        }

        string? nearest = null;
        int fewest = Math.Max(1, name.Length / 3) + 1;
        foreach (string candidate in known)
        {
            int changes = Changes(Letters(name), Letters(candidate));
            if (changes < fewest)
            {
                (nearest, fewest) = (candidate, changes);
            }
        }

        return nearest;
    }

    // Case, hyphens and underscores are the most likely mistakes.
    private static string Letters(string name) =>
        name.ToLowerInvariant().Replace("_", string.Empty, StringComparison.Ordinal).Replace("-", string.Empty, StringComparison.Ordinal);

    // Levenshtein distance.
    private static int Changes(string left, string right)
    {
        int[] row = [.. Enumerable.Range(0, right.Length + 1)];
        for (int at = 1; at <= left.Length; at++)
        {
            int diagonal = row[0];
            row[0] = at;
            for (int column = 1; column <= right.Length; column++)
            {
                int changed = diagonal + (left[at - 1] == right[column - 1] ? 0 : 1);
                diagonal = row[column];
                row[column] = Math.Min(changed, 1 + Math.Min(row[column], row[column - 1]));
            }
        }

        return row[right.Length];
    }
}
