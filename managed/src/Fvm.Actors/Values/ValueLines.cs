namespace Fvm.Actors;

/// <summary>Values on several lines: a part per line, unless all of a value fits in one.</summary>
internal sealed class ValueLines(int maxLines)
{
    private const int Width = 110;
    private const string Step = "  ";

    private int _count;

    public IEnumerable<string> Of(NamedValue value, string indent)
    {
        IReadOnlyList<(string Name, NamedValue Value)> parts = value switch
        {
            TupleValue tuple => tuple.Fields,
            ListValue list => [.. list.Items.Select(static item => ("-", item))],
            _ => [],
        };
        if (parts.Count == 0)
        {
            yield return $"{indent}{value.ToLine()}";
        }

        foreach ((string name, NamedValue part) in parts)
        {
            if (++_count > maxLines)
            {
                if (_count == maxLines + 1)
                {
                    yield return $"{indent}…";
                }

                yield break;
            }

            string label = name == "-" ? "- " : $"{PrintableText.Of(name)}: ";
            string line = part.ToLine(Width);
            if (line.Length + indent.Length + label.Length <= Width || part is not (TupleValue or ListValue))
            {
                yield return $"{indent}{label}{line}";
                continue;
            }

            yield return $"{indent}{label.TrimEnd()}";
            foreach (string below in Of(part, indent + Step))
            {
                yield return below;
            }
        }
    }
}
