using System.Text.RegularExpressions;
using System.Xml.Linq;
using NUnit.Framework;
using static Fvm.Tests.SourceFiles;

namespace Fvm.Tests;

/// <summary>
/// Reads the sources and holds what ARCHITECTURE.md says of references. The machine is one namespace and its folders are its layers, so
/// the compiler does not see them; a folder uses another where it names one of its types.
/// </summary>
public sealed class LayeringTests
{
    /// <summary>
    /// From the top down. A folder may use those below it and no other; what stands on one line is one layer. The two ways up are through
    /// types that are declared below: a kernel enters the call manager by <c>IReentry</c> of Execution, an engine enters the syscalls by
    /// <c>HostTable</c> of Fvm.Wasm.
    /// </summary>
    private static readonly string[][] Layers =
    [
        ["Executor"],
        ["CallManager"],

        // The table of syscalls names kernel methods and charges; the machine does not know it: the call manager passes it to the engine.
        ["Syscalls"],
        ["Kernel"],
        ["Execution"],
        ["Machine"],

        // Side tables: data and pure functions. Prices are charges, charges are traced, and network versions name price lists.
        ["Gas", "Networks", "Trace"],
        ["State"],
        ["Externs"],
        ["Types"],
    ];

    /// <summary>The same for the compiler's folders within Fvm.Wasm; "" holds the engine itself.</summary>
    private static readonly string[][] CompilerLayers =
    [
        [""],
        ["Instances"],
        ["Code"],
        ["Translation"],

        // All that knows the processor.
        ["X64"],
        ["Layout"],
    ];

    // The only package of the libraries decompresses snapshots.
    private static readonly (string Project, string[] References, string[] Packages)[] Projects =
    [
        ("Fvm.MachineCode", [], []),
        ("Fvm.Crypto", ["Fvm.MachineCode"], []),
        ("Fvm.Ipld", ["Fvm.Crypto"], ["ZstdSharp.Port"]),
        ("Fvm.Files", [], []),
        ("Fvm.Wasm", ["Fvm.Crypto", "Fvm.Files", "Fvm.MachineCode"], []),
        ("Fvm", ["Fvm.Crypto", "Fvm.Ipld", "Fvm.Wasm"], []),
    ];

    [Test]
    public void Folders_of_the_machine_use_only_those_below_them() =>
        AssertDownward([.. Of("Fvm").Select(static file => new Member(file.Path, file.Folder, file))], Layers, leastTypes: 100, leastUses: 300);

    [Test]
    public void Folders_of_the_compiler_use_only_those_below_them()
    {
        const string Root = "Compiler/";
        Member[] files = [.. Of("Fvm.Wasm")
            .Where(static file => file.Path.StartsWith(Root, StringComparison.Ordinal))
            .Select(static file => new Member(file.Path, Path.GetDirectoryName(file.Path[Root.Length..])!, file))];
        AssertDownward(files, CompilerLayers, leastTypes: 30, leastUses: 60);
    }

    private static void AssertDownward(Member[] files, string[][] layers, int leastTypes, int leastUses)
    {
        Dictionary<string, string> folderOf = [];
        foreach (Member file in files)
        {
            foreach (string type in file.Source.Types)
            {
                Assert.That(folderOf.TryAdd(type, file.Folder) || folderOf[type] == file.Folder, $"{type} is declared in two folders");
            }
        }

        Assert.That(folderOf, Has.Count.GreaterThan(leastTypes), "the declarations are found");
        List<string> upward = [];
        int uses = 0;
        foreach (Member file in files)
        {
            int layer = LayerOf(layers, file.Folder);
            foreach (string type in Identifiers(file.Source.Code).Where(folderOf.ContainsKey).Distinct())
            {
                string other = folderOf[type];
                uses += other != file.Folder ? 1 : 0;
                if (LayerOf(layers, other) < layer)
                {
                    upward.Add($"{file.Path} uses {other}/{type}");
                }
            }
        }

        Assert.That(uses, Is.GreaterThan(leastUses), "the uses are found");
        Assert.That(upward, Is.Empty);
    }

    [Test]
    public void Projects_reference_what_they_may()
    {
        foreach ((string project, string[] references, string[] packages) in Projects)
        {
            XDocument file = XDocument.Load(Path.Combine(Root(), project, project + ".csproj"));
            string[] found = [.. file.Descendants("ProjectReference")
                .Select(static reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')))
                .Order(StringComparer.Ordinal)];
            Assert.That(found, Is.EqualTo(references), project);
            IEnumerable<string> installed = file.Descendants("PackageReference").Select(static package => package.Attribute("Include")!.Value);
            Assert.That(installed, Is.EqualTo(packages), project);
        }
    }

    // Gas is the word of metering there, and the host's imports are given by the host.
    [Test]
    public void The_Wasm_library_knows_nothing_of_Filecoin()
    {
        Regex words = new(@"\b\w*(?:Filecoin|atto|Actor|Cid\b|Cid[A-Z]|Ipld|Epoch|Blockstore|TokenAmount|Kernel|Syscall)\w*");
        string[] found = [.. Of("Fvm.Wasm").SelectMany(file => words.Matches(file.Code).Select(match => $"{file.Path}: {match.Value}"))];
        Assert.That(found, Is.Empty);
    }

    [Test]
    public void The_machine_asks_for_behaviours_and_not_for_network_versions()
    {
        // The table of versions, the table of syscalls, the enumeration itself.
        static bool MayName(SourceFile file) =>
            file.Folder == "Networks" || file.Path is "Syscalls/SyscallTable.cs" or "Types/NetworkVersion.cs";

        Regex versions = new(@"\bNv\d\d\b|[<>]=?\s*NetworkVersion\.|NetworkVersion\s*[<>]=?\s|\.Version\s*[<>]");
        string[] found = [.. Of("Fvm")
            .Where(static file => !MayName(file))
            .SelectMany(file => versions.Matches(file.Code).Select(match => $"{file.Path}: {match.Value}"))];
        Assert.That(found, Is.Empty);
    }

    private static int LayerOf(string[][] layers, string folder)
    {
        int layer = Array.FindIndex(layers, names => names.Contains(folder));
        Assert.That(layer, Is.Not.Negative, $"the folder {folder} has no layer");
        return layer;
    }

    // Names that can be types: neither members (after a point) nor properties' and initializers' own names.
    private static IEnumerable<string> Identifiers(string code) =>
        Regex.Matches(code, @"(?<!\w)(?<!(?<!\bFvm)\.)[A-Z]\w*\b(?!\s*(?:\{ (?:get|init)|=>|=[^=]))").Select(static match => match.Value);

    /// <summary>A file with the folder that counts as its layer.</summary>
    private sealed record Member(string Path, string Folder, SourceFile Source);
}
