using System.Text.RegularExpressions;

namespace Fvm.Tests;

/// <summary>The sources of the libraries, for tests of style.</summary>
internal static partial class SourceFiles
{
    private static string Root => Repository.PathOf("managed", "src");

    /// <summary>The source files of a project.</summary>
    public static IEnumerable<SourceFile> Of(string project)
    {
        string root = Path.Combine(Root, project);
        foreach (string path in Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            string relative = Path.GetRelativePath(root, path).Replace('\\', '/');
            if (!relative.StartsWith("obj/", StringComparison.Ordinal) && !relative.StartsWith("bin/", StringComparison.Ordinal))
            {
                yield return new SourceFile(project, relative, File.ReadAllText(path));
            }
        }
    }

    /// <summary>The names of all projects.</summary>
    public static IEnumerable<string> Projects() =>
        Directory.EnumerateDirectories(Root).Select(static path => Path.GetFileName(path)).Order(StringComparer.Ordinal);

    /// <summary>The projects in a sibling folder of the libraries, such as "bench".</summary>
    public static IEnumerable<string> Projects(string beside) =>
        Directory.EnumerateDirectories(Path.Combine(Root, "..", beside)).Select(path => $"../{beside}/{Path.GetFileName(path)}").Order(StringComparer.Ordinal);

    [GeneratedRegex("""//[^\n]*|/\*.*?\*/|"{3,}.*?"{3,}|\$?@?"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\])'""", RegexOptions.Singleline)]
    private static partial Regex Prose();

    /// <summary>A source file.</summary>
    /// <param name="Path">Path within the project, with slashes.</param>
    internal sealed record SourceFile(string Project, string Path, string Text)
    {
        /// <summary>The first folder of the path; empty for files in the root folder.</summary>
        public string Folder => Path.Contains('/', StringComparison.Ordinal) ? Path[..Path.IndexOf('/', StringComparison.Ordinal)] : string.Empty;

        /// <summary>The text without comments, strings and characters.</summary>
        public string Code { get; } = Prose().Replace(Text, static match => match.Value[0] == '/' ? string.Empty : "\"\"");
    }
}
