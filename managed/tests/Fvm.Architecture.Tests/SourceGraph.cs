using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Fvm.Architecture.Tests;

/// <summary>
/// Dependencies between folders of the libraries, from the compiler's name binding: a folder uses another if it refers to anything declared
/// there, by name or through an expression.
/// </summary>
internal sealed class SourceGraph
{
    private readonly Dictionary<(string From, string To), string> _uses = [];
    private readonly SortedSet<string> _folders = new(StringComparer.Ordinal);
    private readonly HashSet<INamedTypeSymbol> _shared = new(SymbolEqualityComparer.Default);
    private readonly List<INamedTypeSymbol> _publicTypes = [];
    private readonly HashSet<(string Owner, string Friend)> _friends = [];
    private readonly string _sources;

    private SourceGraph(string sources) => _sources = sources;

    /// <summary>The public types, without nested ones.</summary>
    public IReadOnlyCollection<INamedTypeSymbol> PublicTypes => _publicTypes;

    /// <summary>The types, without nested ones, that another project uses which is not a friend, so may not use internal types.</summary>
    public IReadOnlyCollection<INamedTypeSymbol> SharedTypes => _shared;

    /// <summary>The folders with sources, such as "Fvm.Wasm/Binary"; only the project name for files in its root folder.</summary>
    public IReadOnlyCollection<string> Folders => _folders;

    /// <summary>The first place of each dependency between two folders.</summary>
    public IReadOnlyDictionary<(string From, string To), string> Uses => _uses;

    /// <summary>Parses and binds the sources of all libraries.</summary>
    public static SourceGraph Read()
    {
        SourceGraph graph = new(Repository.PathOf("managed", "src"));
        graph.ReadFriends();
        CSharpCompilation compilation = graph.Compile();
        foreach (SyntaxTree tree in compilation.SyntaxTrees.Where(static tree => tree.FilePath.Length > 0))
        {
            graph.AddUses(tree, compilation.GetSemanticModel(tree));
        }

        return graph;
    }

    public static string ProjectOf(string folder) => folder.Split('/')[0];

    // A single compilation of all projects: project references already restrict the visibility between them.
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

    /// <summary>The library that declares a type; null if none does.</summary>
    public string? LibraryOf(INamedTypeSymbol type) =>
        type.DeclaringSyntaxReferences is [SyntaxReference { SyntaxTree: { FilePath.Length: > 0 } tree }, ..] ? ProjectOf(FolderOf(tree)) : null;

    public static INamedTypeSymbol? Outermost(INamedTypeSymbol? type)
    {
        while (type?.ContainingType is not null)
        {
            type = type.ContainingType;
        }

        return type?.OriginalDefinition;
    }

    private void ReadFriends()
    {
        foreach (string project in Directory.EnumerateFiles(_sources, "*.csproj", SearchOption.AllDirectories))
        {
            foreach (XElement friend in XDocument.Load(project).Descendants("InternalsVisibleTo"))
            {
                _friends.Add((Path.GetFileNameWithoutExtension(project), (string)friend.Attribute("Include")!));
            }
        }
    }

    private void AddSharedType(ISymbol? symbol, string user)
    {
        INamedTypeSymbol? type = Outermost(symbol as INamedTypeSymbol ?? symbol?.ContainingType);
        if (type is not null && LibraryOf(type) is string owner && owner != user && !_friends.Contains((owner, user)))
        {
            _shared.Add(type);
        }
    }

    private void AddUses(SyntaxTree tree, SemanticModel model)
    {
        string from = FolderOf(tree);
        _folders.Add(from);
        _publicTypes.AddRange(tree.GetRoot().DescendantNodes()
            .Where(static node => node is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax)
            .Select(node => model.GetDeclaredSymbol(node))
            .OfType<INamedTypeSymbol>()
            .Where(static type => type is { ContainingType: null, DeclaredAccessibility: Accessibility.Public }));
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

            AddSharedType(symbol, ProjectOf(from));

            if (symbol is null or INamespaceSymbol or ILocalSymbol or IParameterSymbol or ITypeParameterSymbol or ILabelSymbol or IRangeVariableSymbol)
            {
                continue;
            }

            // A partial type belongs to the folder of its main part, which is declared first.
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
