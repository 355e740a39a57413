using System.Text;

namespace Fvm.Architecture.Tests;

/// <summary>Draws folders and their dependencies as Mermaid flowcharts.</summary>
internal static class Diagrams
{
    private const string Begin = "<!-- Drawn by scripts/draw-architecture from the sources. -->";
    private const string End = "<!-- End of what is drawn. -->";

    /// <summary>One diagram of all projects, and one per project with at least four folders.</summary>
    public static string Draw(SourceGraph graph)
    {
        StringBuilder text = new();
        (string From, string To)[] between = [.. graph.Uses.Keys
            .Select(static use => (From: SourceGraph.ProjectOf(use.From), To: SourceGraph.ProjectOf(use.To)))
            .Where(static use => use.From != use.To)
            .Distinct()];
        string[] projects = [.. graph.Folders.Select(SourceGraph.ProjectOf).Distinct()];
        Draw(text, projects, between, static project => project);
        foreach (string project in projects.Order(StringComparer.Ordinal))
        {
            string[] folders = [.. graph.Folders.Where(folder => SourceGraph.ProjectOf(folder) == project)];
            if (folders.Length < 4)
            {
                continue;
            }

            text.Append("\nThe folders of ").Append(project).Append(":\n\n");
            Draw(
                text,
                folders,
                graph.Uses.Keys.Where(use => folders.Contains(use.From) && folders.Contains(use.To)),
                folder => folder == project ? project : folder[(project.Length + 1)..]);
        }

        return text.ToString();
    }

    /// <summary>Replaces the drawing between the two marks of a text.</summary>
    /// <exception cref="FormatException">A mark is missing.</exception>
    public static string ReplaceIn(string text, string drawing)
    {
        int begin = text.IndexOf(Begin, StringComparison.Ordinal);
        int end = text.IndexOf(End, StringComparison.Ordinal);
        if (begin < 0 || end < begin)
        {
            throw new FormatException($"the text has no '{Begin}' that is followed by '{End}'");
        }

        return $"{text[..(begin + Begin.Length)]}\n{drawing}{text[end..]}";
    }

    /// <summary>The transitive reduction of an acyclic dependency graph.</summary>
    public static IEnumerable<(string From, string To)> Reduce(IEnumerable<(string From, string To)> uses)
    {
        HashSet<(string From, string To)> all = [.. uses];
        ILookup<string, string> next = all.ToLookup(static use => use.From, static use => use.To);
        return all.Where(use => !next[use.From].Any(between => between != use.To && Reaches(next, between, use.To, [])));
    }

    private static bool Reaches(ILookup<string, string> next, string from, string to, HashSet<string> seen) =>
        from == to || (seen.Add(from) && next[from].Any(between => Reaches(next, between, to, seen)));

    private static void Draw(StringBuilder text, IEnumerable<string> nodes, IEnumerable<(string From, string To)> uses, Func<string, string> label)
    {
        text.Append("```mermaid\nflowchart TD\n");
        foreach (string node in nodes.Order(StringComparer.Ordinal))
        {
            text.Append("    ").Append(IdOf(node)).Append("[\"").Append(label(node)).Append("\"]\n");
        }

        foreach ((string from, string to) in Reduce(uses).Order())
        {
            text.Append("    ").Append(IdOf(from)).Append(" --> ").Append(IdOf(to)).Append('\n');
        }

        text.Append("```\n");
    }

    private static string IdOf(string node) => node.Replace('.', '_').Replace('/', '_');
}
