using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using NUnit.Framework;

namespace Fvm.Architecture.Tests;

/// <summary>
/// Which folders of the libraries use which others, as the compiler binds their names: a folder uses another where it names, or calls
/// through an expression, anything that is declared there.
/// </summary>
internal sealed class SourceGraph
{
    private readonly Dictionary<(string From, string To), string> _uses = [];
    private readonly SortedSet<string> _folders = new(StringComparer.Ordinal);
    private readonly string _sources;

    private SourceGraph(string sources) => _sources = sources;

    /// <summary>The folders that hold sources, such as "Fvm.Wasm/Binary"; a project's name alone for files at its top.</summary>
    public IReadOnlyCollection<string> Folders => _folders;

    /// <summary>For each pair of folders of which one uses the other, the first place where it does.</summary>
    public IReadOnlyDictionary<(string From, string To), string> Uses => _uses;

    /// <summary>The folder of the whole project; the test that asks is ignored where the sources are not there.</summary>
    public static string Root()
    {
        DirectoryInfo? folder = new(TestContext.CurrentContext.TestDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Fvm.sln")))
        {
            folder = folder.Parent;
        }

        if (folder is null)
        {
            Assert.Ignore("the sources are not there");
        }

        return folder!.FullName;
    }

    /// <summary>Reads and binds the sources of all libraries.</summary>
    public static SourceGraph Read()
    {
        SourceGraph graph = new(Path.Combine(Root(), "managed", "src"));
        CSharpCompilation compilation = graph.Compile();
        foreach (SyntaxTree tree in compilation.SyntaxTrees.Where(static tree => tree.FilePath.Length > 0))
        {
            graph.AddUses(tree, compilation.GetSemanticModel(tree));
        }

        return graph;
    }

    /// <summary>The project of a folder.</summary>
    public static string ProjectOf(string folder) => folder.Split('/')[0];

    // All projects as one: the compiler's own rule of what sees what between projects holds already, by their references.
    private CSharpCompilation Compile()
    {
        CSharpParseOptions options = new(LanguageVersion.Latest, DocumentationMode.None);
        string[] paths = [.. Directory.EnumerateFiles(_sources, "*.cs", SearchOption.AllDirectories)
            .Where(path => !IsMade(Path.GetRelativePath(_sources, path)))
            .Order(StringComparer.Ordinal)];
        SyntaxTree[] trees = [.. paths.AsParallel().AsOrdered().Select(path => CSharpSyntaxTree.ParseText(File.ReadAllText(path), options, path))];
        const string Usings = """
            global using System; global using System.IO; global using System.Linq; global using System.Collections.Generic;
            global using System.Threading; global using System.Threading.Tasks; global using System.Net.Http;
            """;
        string platform = (string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!;
        IEnumerable<MetadataReference> references = platform.Split(Path.PathSeparator)
            .Where(static path => !Path.GetFileName(path).StartsWith("Fvm", StringComparison.Ordinal))
            .Select(static path => MetadataReference.CreateFromFile(path));
        return CSharpCompilation.Create(
            "Sources",
            [.. trees, CSharpSyntaxTree.ParseText(Usings, options)],
            references,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable));
    }

    private static bool IsMade(string path) => path.Split(Path.DirectorySeparatorChar) is [_, "obj" or "bin", ..];

    private string FolderOf(SyntaxTree tree) =>
        Path.GetDirectoryName(Path.GetRelativePath(_sources, tree.FilePath))!.Replace(Path.DirectorySeparatorChar, '/');

    private void AddUses(SyntaxTree tree, SemanticModel model)
    {
        string from = FolderOf(tree);
        _folders.Add(from);
        foreach (SimpleNameSyntax name in tree.GetRoot().DescendantNodes().OfType<SimpleNameSyntax>())
        {
            if (name.FirstAncestorOrSelf<UsingDirectiveSyntax>() is not null)
            {
                continue;
            }

            SymbolInfo info = model.GetSymbolInfo(name);
            ISymbol? symbol = info.Symbol ?? info.CandidateSymbols.FirstOrDefault();
            if (symbol is IMethodSymbol { ReducedFrom: IMethodSymbol extension })
            {
                symbol = extension;
            }

            if (symbol is null or INamespaceSymbol or ILocalSymbol or IParameterSymbol or ITypeParameterSymbol or ILabelSymbol or IRangeVariableSymbol)
            {
                continue;
            }

            // A type in parts belongs to the folder of the part with its own name, which comes first.
            SyntaxTree? declared = symbol.OriginalDefinition.DeclaringSyntaxReferences
                .Select(static reference => reference.SyntaxTree)
                .Where(static tree => tree.FilePath.Length > 0)
                .MinBy(static tree => tree.FilePath, StringComparer.Ordinal);
            if (declared is null || declared == tree)
            {
                continue;
            }

            string to = FolderOf(declared);
            if (to != from && !_uses.ContainsKey((from, to)))
            {
                int line = name.GetLocation().GetLineSpan().StartLinePosition.Line + 1;
                _uses.Add((from, to), $"{Path.GetRelativePath(_sources, tree.FilePath)}:{line} uses {symbol.ToDisplayString(SymbolDisplayFormat.CSharpShortErrorMessageFormat)}");
            }
        }
    }
}
