using Fvm.MachineCode;
using Fvm.Wasm.Fuzz;
using NUnit.Framework;

namespace Fvm.Wasm.Tests;

/// <summary>Code without bounds checks traps where code with checks does.</summary>
[Platform("Linux")]
public sealed unsafe class GuardPagesTests
{
    private const uint Page = 65_536;
    private const uint Reach = GuardPages.Reach;

    private static readonly string[] Loads =
    [
        "i32.load8_s 1", "i32.load8_u 1", "i32.load16_s 2", "i32.load16_u 2", "i32.load 4", "i64.load8_s 1", "i64.load8_u 1", "i64.load16_s 2",
        "i64.load16_u 2", "i64.load32_s 4", "i64.load32_u 4", "i64.load 8", "f32.load 4", "f64.load 8",
    ];

    private static readonly string[] Stores =
    [
        "i32.store8 1", "i32.store16 2", "i32.store 4", "i64.store8 1", "i64.store16 2", "i64.store32 4", "i64.store 8", "f32.store 4", "f64.store 8",
    ];

    // The last that needs no check at any width, the first that does at each, and the last of all.
    private static readonly uint[] Offsets =
    [
        0, 1, 4096, Page - 8, Page, Reach - 8, Reach - 7, Reach - 4, Reach - 1, Reach, int.MaxValue - 8, int.MaxValue, 1u << 31, uint.MaxValue - 7, uint.MaxValue,
    ];

    private CompilerEngine _guarded = null!;
    private CompilerEngine _checked = null!;

    [OneTimeSetUp]
    public void SetUp()
    {
        if (!CompilerEngine.IsSupported)
        {
            Assert.Ignore("no machine code");
        }

        _guarded = new CompilerEngine(new CompilerOptions { GuardPages = true });
        _checked = new CompilerEngine(new CompilerOptions { GuardPages = false });
    }

    [OneTimeTearDown]
    public void TearDown()
    {
        _guarded?.Dispose();
        _checked?.Dispose();
    }

    [Test]
    public void Every_width_traps_from_the_first_byte_beyond_the_end_on(
        [Values(0u, 1u, 3u)] uint pages, [ValueSource(nameof(Loads))] string load) => Compare(pages, load, isStore: false);

    [Test]
    public void Every_store_traps_from_the_first_byte_beyond_the_end_on(
        [Values(0u, 1u, 3u)] uint pages, [ValueSource(nameof(Stores))] string store) => Compare(pages, store, isStore: true);

    [Test]
    public void A_constant_address_beyond_the_end_traps([Values(0u, Page - 4, Page - 3, Page, (uint)int.MaxValue, uint.MaxValue)] uint address)
    {
        ModuleBuilder builder = new ModuleBuilder().Memory(1);
        builder.Export("load", builder.Function("", "i", "", $"i32.const {(int)address} i32.load 0"));
        using Pair pair = new(this, builder);
        Assert.That(pair.Call(0), Is.EqualTo(address <= Page - 4 ? TrapCode.None : TrapCode.MemoryOutOfBounds));
    }

    [Test]
    public void The_guard_follows_growth_and_restoration()
    {
        using Pair pair = new(this, Growing());
        for (int use = 0; use < 9; use++)
        {
            uint length = Page;
            for (int grown = 0; grown < 1 + (use % 3); grown++)
            {
                Assert.That(pair.Call(0, length - 4), Is.EqualTo(TrapCode.None));
                Assert.That(pair.Call(0, length - 3), Is.EqualTo(TrapCode.MemoryOutOfBounds));
                Assert.That(pair.Call(0, length + (40 * Page)), Is.EqualTo(TrapCode.MemoryOutOfBounds));
                Assert.That(pair.Call(2, length - 4, 0x5a5a5a5a), Is.EqualTo(TrapCode.None));
                Assert.That(pair.Call(1, 1), Is.EqualTo(TrapCode.None));
                length += Page;
            }

            pair.Renew();
            Assert.That(pair.Call(0, Page - 4), Is.EqualTo(TrapCode.None));
            Assert.That(pair.Result, Is.Zero);
        }
    }

    [Test]
    public void Instances_for_which_addresses_run_out_have_checks()
    {
        using IWasmCode code = _guarded.Load(Growing().ToBytes(), ModuleRunner.Limits, null);
        using FuzzHost host = new();
        ILinkedCode linked = code.Link(FuzzHost.Table, out _)!;
        List<IWasmInstance> instances = [];
        GuardPages guard = CodeSegment.GuardPages!;
        List<nint> regions = [];
        try
        {
            instances.Add(linked.Instantiate(host, out _)!);
            for (byte* region; (region = guard.TryReserve(0)) != null;)
            {
                regions.Add((nint)region);
            }

            Assert.That(regions, Has.Count.GreaterThan(1000));
            instances.Add(linked.Instantiate(host, out _)!);
            instances.Add(linked.Instantiate(host, out _)!);
            Assert.That(((CompiledCode)code).Checked.Segment.NeedsGuard, Is.False);
            guard.Free((byte*)regions[^1]);
            regions.RemoveAt(regions.Count - 1);
            instances.Add(linked.Instantiate(host, out _)!);
            foreach (IWasmInstance instance in instances)
            {
                ulong[] slots = [Page - 4, 0];
                Assert.That(instance.Call(0, slots), Is.EqualTo(TrapCode.None));
                slots[0] = Page - 3;
                Assert.That(instance.Call(0, slots), Is.EqualTo(TrapCode.MemoryOutOfBounds));
            }

            Assert.That(((CompiledCode)code).Checked.Segment.CompiledCount, Is.EqualTo(1), "the code with checks has run");
        }
        finally
        {
            instances.ForEach(static instance => instance.Dispose());
            regions.ForEach(region => guard.Free((byte*)region));
        }
    }

    [Test]
    public void Code_with_checks_runs_while_the_handler_of_faults_is_another()
    {
        using IWasmCode code = _guarded.Load(Growing().ToBytes(), ModuleRunner.Limits, null);
        using FuzzHost host = new();
        ILinkedCode linked = code.Link(FuzzHost.Table, out _)!;
        Assert.That(SignalHandlers.TryGet(SignalHandlers.SegmentationFault, out SignalHandlers.Action ours), Is.True);
        SignalHandlers.Action others = ours;

        // It hands on to ours, as other runtimes do: mov rax, handler; jmp rax.
        using CodeMemory another = CodeMemory.TryLoad([], [0x48, 0xb8, .. BitConverter.GetBytes((long)ours.Handler), 0xff, 0xe0])!;
        others.Handler = (nint)another.Code;
        ulong[] slots = [Page, 0];
        bool works;
        TrapCode trap;
        Assert.That(SignalHandlers.TrySet(SignalHandlers.SegmentationFault, in others), Is.True);
        try
        {
            works = CodeSegment.GuardPages!.Work;
            using IWasmInstance instance = linked.Instantiate(host, out _)!;
            trap = instance.Call(0, slots);
        }
        finally
        {
            SignalHandlers.TrySet(SignalHandlers.SegmentationFault, in ours);
        }

        Assert.That((works, trap), Is.EqualTo((false, TrapCode.MemoryOutOfBounds)));
        Assert.That(((CompiledCode)code).Checked.Segment.CompiledCount, Is.EqualTo(1), "the code with checks has run");
        Assert.That(CodeSegment.GuardPages.Work, Is.True);
    }

    [Test]
    public void Faults_of_managed_code_stay_exceptions_between_traps_on_many_threads()
    {
        Parallel.For(0, 8, _ =>
        {
            using Pair pair = new(this, Growing());
            for (int i = 0; i < 500; i++)
            {
                string? none = i < 0 ? "" : null;
                Assert.Throws<NullReferenceException>(() => none!.Length.ToString(System.Globalization.CultureInfo.InvariantCulture));
                Assert.That(pair.Call(0, Page), Is.EqualTo(TrapCode.MemoryOutOfBounds));
                if (i % 100 == 0)
                {
                    GC.Collect();
                }
            }
        });
    }

    [Test]
    public void Slots_of_the_table_are_used_again()
    {
        for (int i = 0; i < 10_000; i++)
        {
            using IDisposable? registration = CodeSegment.GuardPages!.TryRegister(1, 2, 3);
            Assert.That(registration, Is.Not.Null);
        }
    }

    private static ModuleBuilder Growing()
    {
        ModuleBuilder builder = new ModuleBuilder().Memory(1);
        builder.Export("load", builder.Function("i", "i", "", "local.get 0 i32.load 0"));
        builder.Export("grow", builder.Function("i", "i", "", "local.get 0 memory.grow"));
        builder.Export("store", builder.Function("ii", "", "", "local.get 0 local.get 1 i32.store 0"));
        return builder;
    }

    private void Compare(uint pages, string access, bool isStore)
    {
        int width = access[^1] - '0';
        string instruction = access[..^2];
        char type = instruction[0] == 'f' ? instruction[1] == '3' ? 'f' : 'F' : instruction[1] == '3' ? 'i' : 'I';
        ModuleBuilder builder = new ModuleBuilder().Memory(pages);
        foreach (uint offset in Offsets)
        {
            int function = isStore
                ? builder.Function($"i{type}", "", "", $"local.get 0 local.get 1 {instruction} {offset}")
                : builder.Function("i", $"{type}", "", $"local.get 0 {instruction} {offset}");
            builder.Export($"at{offset}", function);
        }

        using Pair pair = new(this, builder);
        long length = pages * (long)Page;
        for (int i = 0; i < Offsets.Length; i++)
        {
            long last = length - width - Offsets[i];
            foreach (long address in (ReadOnlySpan<long>)[0, 1, last - 1, last, last + 1, last + 2, length - 1, length, length + 4096, int.MaxValue, uint.MaxValue - 8, uint.MaxValue])
            {
                if (address is >= 0 and <= uint.MaxValue)
                {
                    TrapCode expected = address + Offsets[i] + width <= length ? TrapCode.None : TrapCode.MemoryOutOfBounds;
                    Assert.That(pair.Call(i, (uint)address, ulong.MaxValue), Is.EqualTo(expected), $"{access} at {address} + {Offsets[i]}");
                }
            }
        }
    }

    /// <summary>Two instances of a module, metered, of code without and with checks: each call has one result on both.</summary>
    private sealed class Pair : IDisposable
    {
        private readonly IWasmCode[] _codes;
        private readonly ILinkedCode[] _links;
        private readonly IWasmInstance[] _instances;
        private readonly FuzzHost _host = new();

        public Pair(GuardPagesTests tests, ModuleBuilder builder)
        {
            byte[] wasm = builder.ToBytes();
            _codes = [tests._guarded.Load(wasm, ModuleRunner.Limits, ModuleRunner.Rules), tests._checked.Load(wasm, ModuleRunner.Limits, ModuleRunner.Rules)];
            Assert.That(((CompiledCode)_codes[0]).Segment.Guard?.Work, Is.True);
            Assert.That(((CompiledCode)_codes[1]).Segment.NeedsGuard, Is.False);
            _links = Array.ConvertAll(_codes, static code => code.Link(FuzzHost.Table, out _)!);
            _instances = Array.ConvertAll(_links, Instantiate);
        }

        public ulong Result { get; private set; }

        public void Renew()
        {
            for (int i = 0; i < _links.Length; i++)
            {
                _instances[i].Dispose();
                _instances[i] = Instantiate(_links[i]);
            }
        }

        public TrapCode Call(int function, params ulong[] arguments)
        {
            (TrapCode, ulong, long, ulong)[] outcomes = Array.ConvertAll(_instances, instance =>
            {
                ulong[] slots = [.. arguments, 0];
                instance.Context->GasLeft = 1_000_000;
                TrapCode trap = instance.Call(function, slots);
                return (trap, trap == TrapCode.None ? slots[0] : 0, instance.Context->GasLeft, instance.Context->MemoryLength);
            });
            Assert.That(outcomes[0], Is.EqualTo(outcomes[1]));
            Result = outcomes[0].Item2;
            return outcomes[0].Item1;
        }

        public void Dispose()
        {
            Array.ForEach(_instances, static instance => instance.Dispose());
            Array.ForEach(_codes, static code => code.Dispose());
            _host.Dispose();
        }

        private IWasmInstance Instantiate(ILinkedCode linked) => linked.Instantiate(_host, out _)!;
    }
}
