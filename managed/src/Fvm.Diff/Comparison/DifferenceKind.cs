using System.Text;

namespace Fvm.Diff;

/// <summary>The kind of a vector's first difference: the field without its indexes, as <c>trace[].gas.compute</c>.</summary>
public static class DifferenceKind
{
    /// <summary>The kind; null if nothing differs.</summary>
    /// <param name="comparison">A comparison.</param>
    public static string? Of(VectorComparison comparison)
    {
        if (comparison.Status != ComparisonStatus.Different || comparison.Fields.Count == 0)
        {
            return null;
        }

        FieldDifference first = comparison.Fields[0];

        // Two failures differ by who fails, not by how.
        string failing = first.Field != "outcome" ? string.Empty
            : first.A.StartsWith("failed", StringComparison.Ordinal) ? " (a fails)" : " (b fails)";
        StringBuilder kind = new();
        bool inside = false;
        foreach (char letter in first.Field)
        {
            inside = letter == '[' || (inside && letter != ']');
            if (!inside || letter == '[')
            {
                kind.Append(letter);
            }
        }

        return kind.Append(failing).ToString();
    }
}
