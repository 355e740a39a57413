using System.Reflection;
using Fvm.Ipld;
using Fvm.Wasm;
using NUnit.Framework;

namespace Fvm.Tests;

/// <summary>One row ties a syscall together; the names in it must exist.</summary>
public sealed class SyscallTableTests
{
    private const BindingFlags Members = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static;

    private static IEnumerable<TestCaseData> Rows => SyscallTable.AllRows.Select(static row =>
        new TestCaseData(row.Module, row.Name, row.KernelMethod, row.Charge).SetArgDisplayNames(row.Module, row.Name, $"{row.From}"));

    private static readonly object[][] Bundles =
    [
        [NetworkVersion.Nv17, 9], [NetworkVersion.Nv18, 10], [NetworkVersion.Nv19, 11], [NetworkVersion.Nv21, 12], [NetworkVersion.Nv22, 13],
        [NetworkVersion.Nv23, 14], [NetworkVersion.Nv24, 15], [NetworkVersion.Nv25, 16], [NetworkVersion.Nv27, 17],
        [NetworkVersion.Nv28, 18],
    ];

    [TestCaseSource(nameof(Rows))]
    public void Every_row_names_a_kernel_method_a_charge_and_tests_that_exist(string module, string name, string kernelMethod, string charge)
    {
        Assert.Multiple(() =>
        {
            Assert.That(kernelMethod.Length == 0 || typeof(Kernel).GetMember(kernelMethod, Members).Length > 0, $"no Kernel.{kernelMethod}");
            Assert.That(charge.Length == 0 || typeof(PriceList).GetMember(charge, Members).Length > 0, $"no PriceList.{charge}");
            string fixture = Pascal(module) + "SyscallsTests";
            Type? tests = typeof(SyscallTableTests).Assembly.GetType($"Fvm.Tests.{fixture}");
            Assert.That(tests, Is.Not.Null, $"no fixture {fixture}");
            string prefix = char.ToUpperInvariant(name[0]) + name[1..] + "_";
            string[] found = [.. tests!.GetMethods().Select(static method => method.Name).Where(test => test.StartsWith(prefix, StringComparison.Ordinal))];
            Assert.That(found, Is.Not.Empty, $"no test in {fixture} is called {prefix}…");
            Assert.That(
                kernelMethod.Length == 0 || found.Contains(prefix + "runs_out_of_gas_at_each_charge"),
                $"no {prefix}runs_out_of_gas_at_each_charge");
        });
    }

    [TestCaseSource(nameof(Rows))]
    public void Every_row_s_handler_is_a_method_of_its_module(string module, string name, string kernelMethod, string charge)
    {
        Type? handlers = typeof(SyscallTable).Assembly.GetType($"Fvm.{Pascal(module)}Syscalls");
        Assert.That(handlers, Is.Not.Null);

        // For a syscall with several forms, the kernel's method distinguishes them.
        bool named = handlers!.GetMethod(Pascal(name), Members) is not null || handlers.GetMethod(kernelMethod, Members) is not null;
        Assert.That(named, $"{handlers.Name} has neither {Pascal(name)} nor {kernelMethod}");
    }

    [Test]
    public void Rows_of_the_same_name_are_in_force_one_after_the_other()
    {
        foreach (IGrouping<(string, string), SyscallRow> forms in SyscallTable.AllRows.GroupBy(static row => (row.Module, row.Name)))
        {
            SyscallRow[] rows = [.. forms.OrderBy(static row => row.From)];
            Assert.That(rows[^1].To, Is.AnyOf(NetworkVersion.Nv17, NetworkTable.Last), $"{forms.Key} ends");
            for (int i = 0; i < rows.Length; i++)
            {
                Assert.That(rows[i].From, Is.LessThanOrEqualTo(rows[i].To));
                Assert.That(i == 0 || (uint)rows[i].From == (uint)rows[i - 1].To + 1, $"{forms.Key} has a gap");
            }
        }
    }

    [TestCase(NetworkVersion.Nv16, 36)]
    [TestCase(NetworkVersion.Nv17, 36)]
    [TestCase(NetworkVersion.Nv18, 40)]
    [TestCase(NetworkVersion.Nv20, 40)]
    [TestCase(NetworkVersion.Nv21, 41)]
    [TestCase(NetworkVersion.Nv28, 41)]
    public void A_table_has_the_syscalls_of_its_version(NetworkVersion version, int count)
    {
        SyscallTable table = SyscallTable.For(NetworkRules.For(version));
        Assert.That(table.Rows, Has.Length.EqualTo(count));
        Assert.That(table.Host.Functions.Select(static f => (f.Module, f.Name)), Is.EqualTo(table.Rows.Select(static r => (r.Module, r.Name))));
        Assert.That(table.Rows, Is.All.Matches<SyscallRow>(row => row is not null && row.From <= version && version <= row.To));
    }

    [Test]
    public void A_row_s_type_has_the_result_s_offset_first()
    {
        SyscallRow hash = SyscallTable.AllRows.Single(static row => row.Name == "hash");
        Assert.That(hash.Type.Parameters.ToArray(), Is.EqualTo(new[]
        {
            ValueKind.I32, ValueKind.I64, ValueKind.I32, ValueKind.I32, ValueKind.I32, ValueKind.I32,
        }));
        SyscallRow exit = SyscallTable.AllRows.Single(static row => row.Name == "exit");
        Assert.That((exit.Type.Parameters.Length, exit.Type.Results.ToArray()), Is.EqualTo((4, new[] { ValueKind.I32 })));
    }

    [Test]
    public void Results_have_the_sizes_that_the_reference_packs_them_into()
    {
        // Reference: shared/src/sys/out.rs, all repr(packed, C). Syscalls not listed return an i32.
        Dictionary<string, int> packed = new()
        {
            ["vm.context"] = 52,
            ["vm.message_context"] = 80,
            ["network.context"] = 44,
            ["ipld.block_open"] = 16,
            ["ipld.block_stat"] = 12,
            ["crypto.verify_consensus_fault"] = 20,
            ["send.send"] = 20,
            ["crypto.recover_secp_public_key"] = 65,
            ["rand.get_chain_randomness"] = 32,
            ["rand.get_beacon_randomness"] = 32,
            ["self.current_balance"] = 16,
            ["actor.balance_of"] = 16,
            ["network.base_fee"] = 16,
            ["network.total_fil_circ_supply"] = 16,
            ["actor.resolve_address"] = 8,
            ["gas.available"] = 8,
        };
        Assert.Multiple(() =>
        {
            foreach (SyscallRow row in SyscallTable.AllRows.Where(static row => row.ResultSize > 0))
            {
                string name = $"{row.Module}.{row.Name}";
                Assert.That(row.ResultSize, Is.EqualTo(packed.GetValueOrDefault(name, 4)), name);
            }
        });
    }

    [TestCaseSource(nameof(Bundles))]
    public void Everything_that_the_builtin_actors_import_is_there(NetworkVersion version, int bundle)
    {
        string path = Repository.Shared("bundles", $"builtin-actors-v{bundle}-mainnet.car.gz");
        CarBlockstore blocks = CarBlockstore.LoadFile(path);
        (_, Cid list) = Manifest.DecodeRoot(blocks.Get(blocks.Roots[0])!);
        SyscallTable table = SyscallTable.For(NetworkRules.For(version));
        foreach ((string name, Cid code) in Manifest.DecodeList(blocks.Get(list)!))
        {
            WasmModule module = ModuleValidator.Decode(blocks.Get(code)!, ReferenceLimits.Modules);
            foreach (Import import in module.Imports)
            {
                SyscallRow? row = table.Rows.SingleOrDefault(row => row.Module == import.Module && row.Name == import.Name);
                Assert.That(row, Is.Not.Null, $"{name} imports {import.Module}.{import.Name}");
                Assert.That(row!.Type, Is.EqualTo(module.Types[import.TypeIndex]), $"{name} imports {import.Module}.{import.Name} with another type");
            }
        }
    }

    private static string Pascal(string name) =>
        string.Concat(name.Split('_').Select(static word => char.ToUpperInvariant(word[0]) + word[1..]));
}
