using System.Text.RegularExpressions;
using System.Xml.Linq;
using NUnit.Framework;
using static Fvm.Tests.SourceFiles;

namespace Fvm.Tests;

/// <summary>
/// Checks the sources against the rules of ARCHITECTURE.md on references between projects, and on the knowledge of each.
/// <c>Fvm.Architecture.Tests</c> checks the folders within projects.
/// </summary>
public sealed class LayeringTests
{
    // The only package of the libraries decompresses snapshots.
    private static readonly (string Project, string[] References, string[] Packages)[] Projects =
    [
        ("Fvm.MachineCode", [], []),
        ("Fvm.Crypto", ["Fvm.MachineCode"], []),
        ("Fvm.Ipld", ["Fvm.Crypto", "Fvm.MachineCode"], ["ZstdSharp.Port"]),
        ("Fvm.Files", [], []),
        ("Fvm.Wasm", ["Fvm.Crypto", "Fvm.Files", "Fvm.MachineCode"], []),
        ("Fvm.Wasmtime", ["Fvm.Wasm"], []),
        ("Fvm", ["Fvm.Crypto", "Fvm.Ipld", "Fvm.Wasm"], []),
    ];

    [Test]
    public void Projects_reference_what_they_may()
    {
        foreach ((string project, string[] references, string[] packages) in Projects)
        {
            XDocument file = XDocument.Load(Repository.PathOf("managed", "src", project, project + ".csproj"));
            string[] found = [.. file.Descendants("ProjectReference")
                .Select(static reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')))
                .Order(StringComparer.Ordinal)];
            Assert.That(found, Is.EqualTo(references), project);
            IEnumerable<string> installed = file.Descendants("PackageReference").Select(static package => package.Attribute("Include")!.Value);
            Assert.That(installed, Is.EqualTo(packages), project);
        }
    }

    // "Gas" is the term of metering there, and the imports are supplied by the host.
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
        // The version table, the syscall table, and the enumeration itself.
        static bool MayName(SourceFile file) =>
            file.Folder == "Networks" || file.Path is "Syscalls/SyscallTable.cs" or "Types/NetworkVersion.cs";

        Regex versions = new(@"\bNv\d\d\b|[<>]=?\s*NetworkVersion\.|NetworkVersion\s*[<>]=?\s|\.Version\s*[<>]");
        string[] found = [.. Of("Fvm")
            .Where(static file => !MayName(file))
            .SelectMany(file => versions.Matches(file.Code).Select(match => $"{file.Path}: {match.Value}"))];
        Assert.That(found, Is.Empty);
    }
}
