using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace Fvm.Native.Tests;

public sealed class ExportsTests
{
    [Test]
    public void The_list_of_exports_and_the_methods_name_the_same_functions()
    {
        string[] listed = File.ReadAllLines(Path.Combine(RepositoryPaths.Root, "native", "exports.txt"));

        Assert.That(EntryPoints(), Is.EquivalentTo(listed));
    }

    [Test]
    public void The_header_declares_what_is_exported_and_what_is_imported()
    {
        string header = File.ReadAllText(Path.Combine(RepositoryPaths.Root, "native", "include", "filcrypto.h"));
        string[] imports = typeof(HostImports).GetMethods(BindingFlags.Public | BindingFlags.Static).Select(method => method.Name).ToArray();

        foreach (string name in EntryPoints().Concat(imports))
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

    private static string[] EntryPoints() => typeof(Exports)
        .GetMethods(BindingFlags.Public | BindingFlags.Static)
        .Select(method => method.GetCustomAttribute<UnmanagedCallersOnlyAttribute>()?.EntryPoint)
        .OfType<string>()
        .ToArray();
}
