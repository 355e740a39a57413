using Fvm.Ipld;
using Fvm.Wasm;
using NUnit.Framework;
using static Fvm.Tests.ActorText;

namespace Fvm.Tests;

/// <summary>The bound on prepared code, and the code exempt from eviction.</summary>
[TestFixtureSource(typeof(WasmEngines), nameof(WasmEngines.Names))]
public sealed class EnginePoolTests(string engine)
{
    private const long Bound = 4 << 20;

    private static readonly NetworkRules Rules = NetworkRules.For(NetworkVersion.Nv28);

    // Installing module after module must not exhaust the node's memory.
    [Test]
    public void Thousands_of_modules_stay_within_the_bound_and_the_process_does_not_grow()
    {
        const int Modules = 4_000;
        using EnginePool pool = new(new EnginePoolOptions { Engine = engine, MaxBytes = Bound });
        MemoryBlockstore store = new();
        int settled = 0;
        for (int i = 0; i < Modules; i++)
        {
            Run(pool, Store(store, Numbered(i)), store);

            // Code compiled by a call is counted when the next code is prepared.
            Assert.That(pool.Bytes, Is.LessThanOrEqualTo(Bound + (Bound / 8)), $"after {i + 1} modules");
            if (i == Modules / 2)
            {
                settled = MappingCount();
            }
        }

        Assert.That(pool.Count, Is.GreaterThan(10).And.LessThan(Modules / 4));
        Assert.That(MappingCount(), Is.LessThan(settled + 200), "mappings are given back");
    }

    [Test]
    public void What_was_used_last_stays()
    {
        using EnginePool pool = new(new EnginePoolOptions { Engine = engine, MaxBytes = Bound });
        MemoryBlockstore store = new();
        Cid popular = Store(store, Numbered(-1));
        ActorCode first = Load(pool, popular, store);
        first.Release();
        for (int i = 0; i < 1_000; i++)
        {
            Run(pool, Store(store, Numbered(i)), store);
            ActorCode again = Load(pool, popular, store);
            again.Release();
            Assert.That(again, Is.SameAs(first), $"after {i + 1} modules");
        }

        Assert.That(pool.Count, Is.LessThan(1_000));
    }

    [Test]
    public void Code_in_use_stays_whatever_the_bound()
    {
        using EnginePool pool = new(new EnginePoolOptions { Engine = engine, MaxBytes = 1 });
        MemoryBlockstore store = new();
        Cid[] cids = [.. Enumerable.Range(0, 50).Select(i => Store(store, Numbered(i)))];
        ActorCode[] codes = [.. cids.Select(cid => Load(pool, cid, store))];
        Assert.That(pool.Count, Is.EqualTo(cids.Length));
        foreach ((Cid cid, ActorCode code) in cids.Zip(codes))
        {
            ActorCode again = Load(pool, cid, store);
            Assert.That(again, Is.SameAs(code));
            again.Release();
            code.Release();
        }

        Load(pool, Store(store, Numbered(50)), store).Release();
        Assert.That(pool.Count, Is.EqualTo(1), "all but the newest are gone");
    }

    // Without any capacity, code is evicted during nested calls on 64 threads.
    [Test]
    public void Results_on_64_threads_do_not_depend_on_the_bound()
    {
        const int Threads = 64;
        TestState state = new();
        byte[] newAccount = TestState.Key1(9).ToBytes();
        ActorId[] actors = [.. Enumerable.Range(0, 5).Select(i => state.AddActor(
            Module(EmitEvent + Send(newAccount.Length, value: i + 1) + ReturnOut(), newAccount), TokenAmount.FromAtto(500L)))];
        _ = state.Flush();
        using EnginePool roomy = new(engine);
        string expected = Receipts(roomy);
        using EnginePool tight = new(new EnginePoolOptions { Engine = engine, MaxBytes = 1 });
        string[] results = new string[Threads];
        Exception? failure = null;
        Thread[] threads = [.. Enumerable.Range(0, Threads).Select(i => new Thread(() =>
        {
            try
            {
                results[i] = Receipts(tight);
            }
            catch (Exception e)
            {
                failure = e;
            }
        }))];
        Array.ForEach(threads, static thread => thread.Start());
        Array.ForEach(threads, static thread => thread.Join());
        Assert.That(failure, Is.Null);
        Assert.That(results, Is.All.EqualTo(expected));

        string Receipts(EnginePool pool)
        {
            using TestRun run = new(engine, state, pool);
            List<string> receipts = [];
            for (int round = 0; round < 3; round++)
            {
                foreach (ActorId actor in actors)
                {
                    ApplyRet ret = run.Call(actor);
                    receipts.Add($"{ret.Receipt.ExitCode} {ret.Receipt.GasUsed} {Convert.ToHexString(ret.Receipt.ReturnData.Span)}");
                }
            }

            return string.Join('\n', receipts);
        }
    }

    [Test]
    public void Receipts_and_traces_do_not_depend_on_a_cache_on_disk()
    {
        string folder = Path.Combine(Path.GetTempPath(), $"fvm-cache-{Guid.NewGuid():n}");
        TestState state = new();
        ActorId actor = state.AddActor([.. Module(EmitEvent + ReturnOut(), new byte[] { 1, 2, 3 }), .. CustomSection(20_000)], TokenAmount.Zero);
        try
        {
            List<string> results = [];
            foreach (bool cached in (bool[])[false, true, true])
            {
                using EnginePool pool = new(new EnginePoolOptions { Engine = engine, Cache = cached ? new CodeCache(folder) : null });
                using TestRun run = new(engine, state, pool);
                ApplyRet ret = run.Call(actor);
                results.Add($"{ret.Receipt.ExitCode} {ret.Receipt.GasUsed} {ret.Receipt.EventsRoot}\n{string.Join('\n', ret.Trace)}");
            }

            Assert.That(results, Is.All.EqualTo(results[0]));
            Assert.That(new CodeCache(folder).List(), Has.Count.EqualTo(engine == "compiler" ? 2 : 0), "code and outline, when the pool was disposed of");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Test]
    public void Kept_code_is_used_unread_where_the_state_has_it_and_not_where_the_state_lacks_it()
    {
        if (engine != "compiler")
        {
            Assert.Ignore("only the compiler keeps code");
        }

        string folder = Path.Combine(Path.GetTempPath(), $"fvm-cache-{Guid.NewGuid():n}");
        MemoryBlockstore store = new();
        Cid cid = Store(store, [.. Numbered(1), .. CustomSection(20_000)]);
        bool readsFail = false;
        FailingBlockstore unreadable = new(store) { FailingReads = _ => readsFail };
        FailingBlockstore lacking = new(store) { Missing = _ => true };
        try
        {
            using (EnginePool first = NewPool())
            {
                Run(first, cid, unreadable);
            }

            readsFail = true;
            using EnginePool second = NewPool();
            Assert.That(second.Load(cid, Rules, SyscallTable.For(Rules).Host, lacking).Failure, Does.Contain("no code in the blockstore"));
            Run(second, cid, unreadable);

            Cid other = Store(store, Numbered(2));
            Assert.That(() => second.Load(other, Rules, SyscallTable.For(Rules).Host, unreadable), Throws.TypeOf<BlockstoreException>());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        EnginePool NewPool() => new(new EnginePoolOptions { Engine = engine, Cache = new CodeCache(folder) });
    }

    private static void Run(EnginePool pool, in Cid cid, IBlockstore store)
    {
        ActorCode code = Load(pool, cid, store);
        try
        {
            using IWasmInstance instance = code.Linked!.Instantiate(Unlimited.Instance, out _)!;
            instance.State().GasLeft = long.MaxValue;
            instance.State().HostStackLimit = Fvm.Wasm.NativeStack.OfThread().Limit;
            Assert.That(instance.Initialize(), Is.EqualTo(TrapCode.None));
            Span<ulong> slots = [0];
            Assert.That(instance.Call(code.Entry!.Value, slots), Is.EqualTo(TrapCode.None));
        }
        finally
        {
            code.Release();
        }
    }

    private static ActorCode Load(EnginePool pool, in Cid cid, IBlockstore store)
    {
        ActorCode code = pool.Load(cid, Rules, SyscallTable.For(Rules).Host, store);
        Assert.That(code.Failure, Is.Null);
        return code;
    }

    private static Cid Store(MemoryBlockstore store, byte[] module)
    {
        Cid cid = Cid.Blake2b256(Multicodec.Raw, module);
        store.Put(cid, module);
        return cid;
    }

    /// <summary>A module that differs from others only in a number.</summary>
    private static byte[] Numbered(int number) => Module($"i32.const {number} drop i32.const 0");

    private static byte[] CustomSection(int size)
    {
        byte[] section = new byte[4 + size];
        section[1] = (byte)(0x80 | (size & 0x7f));
        section[2] = (byte)(0x80 | ((size >> 7) & 0x7f));
        section[3] = (byte)(size >> 14);
        return section;
    }

    private static int MappingCount() => OperatingSystem.IsLinux() ? File.ReadLines("/proc/self/maps").Count() : 0;

    private sealed class Unlimited : IResourceLimiter
    {
        public static readonly Unlimited Instance = new();

        public bool TryGrowMemory(ulong current, ulong desired) => true;

        public bool TryGrowTable(ulong current, ulong desired) => true;
    }
}
