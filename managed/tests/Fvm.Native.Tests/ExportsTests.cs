using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using Fvm.Hosting;

namespace Fvm.Native.Tests;

public sealed class ExportsTests
{
    [Test]
    public void The_list_of_exports_and_the_functions_in_C_name_the_same()
    {
        string[] listed = File.ReadAllLines(Repository.PathOf("native", "exports.txt"));

        // The line of a definition begins with its type, and it is neither static nor hidden.
        string[] defined = Regex.Matches(Native("src", "entry.c"), @"^(?!static|HIDDEN)\w[\w ]* \*?(\w+)\([^;]*?\)\s*\{", RegexOptions.Multiline)
            .Select(match => match.Groups[1].Value)
            .ToArray();

        Assert.That(defined, Is.EquivalentTo(listed));
    }

    [Test]
    public void Each_method_is_called_by_a_function_in_C()
    {
        string entries = Native("src", "entry.c");

        foreach (string name in EntryPoints())
        {
            Assert.That(Regex.Count(entries, $@"\b{name}\("), Is.EqualTo(2), $"{name}: declared and called");
        }
    }

    [Test]
    public void The_header_declares_what_is_exported_and_what_is_imported()
    {
        string header = Native("include", "filcrypto.h");
        string[] listed = File.ReadAllLines(Repository.PathOf("native", "exports.txt"));
        string[] imports = typeof(HostImports).GetMethods(BindingFlags.Public | BindingFlags.Static).Select(method => method.Name).ToArray();

        foreach (string name in listed.Concat(imports))
        {
            Assert.That(Regex.IsMatch(header, $@"\b{name}\("), Is.True, name);
        }
    }

    [Test]
    public unsafe void Responses_have_the_sizes_of_the_interface()
    {
        Assert.Multiple(() =>
        {
            Assert.That(sizeof(SliceRef), Is.EqualTo(16));
            Assert.That(sizeof(SliceBoxed), Is.EqualTo(16));
            Assert.That(sizeof(MachineResult), Is.EqualTo(32));
            Assert.That(sizeof(BytesResult), Is.EqualTo(40));
            Assert.That(sizeof(ExecuteResponse), Is.EqualTo(192));
            Assert.That(sizeof(ExecuteResult), Is.EqualTo(216));
            Assert.That(sizeof(BoolResult), Is.EqualTo(32));
            Assert.That(sizeof(PublicReplica), Is.EqualTo(48));
            Assert.That(sizeof(NativePostProof), Is.EqualTo(24));
            Assert.That(sizeof(AggregationInput), Is.EqualTo(136));
        });
    }

    private static string Native(string folder, string file) =>
        File.ReadAllText(Repository.PathOf("native", folder, file));

    private static string[] EntryPoints() => typeof(Exports)
        .GetMethods(BindingFlags.Public | BindingFlags.Static)
        .Select(method => method.GetCustomAttribute<UnmanagedCallersOnlyAttribute>()?.EntryPoint)
        .OfType<string>()
        .ToArray();
}
