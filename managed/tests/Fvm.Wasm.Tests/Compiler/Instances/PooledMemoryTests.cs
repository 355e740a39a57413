using NUnit.Framework;

namespace Fvm.Wasm.Tests;

public sealed unsafe class PooledMemoryTests
{
    private const int Pages = 2;
    private const int PageSize = PageMap.PageSize;

    private MemoryPools _pools = null!;
    private PageMap? _map;

    [SetUp]
    public void SetUp()
    {
        _pools = new MemoryPools(stackSize: 0);
        _map = PageMap.Open();
        if (_map is null)
        {
            Assert.Ignore("the system has no page map");
        }
    }

    [TearDown]
    public void TearDown()
    {
        _map?.Dispose();
        _pools.Trim();
    }

    [Test]
    public void A_fault_is_counted_where_a_page_is_written_first()
    {
        Assert.That(_map!.CountsFaults, Is.True);
        byte* region = _pools.Memories.Rent(1, out ulong capacity);
        long before = ThreadFaults.Count();
        region[0] = 1;
        Assert.That(ThreadFaults.Count(), Is.GreaterThan(before));
        _pools.Memories.Return(region, capacity, 1);
    }

    [Test]
    public void A_remembered_count_shows_each_later_fault_and_is_asked_for_anew_after_one()
    {
        ThreadFaults faults = new();
        long first = faults.AtMost();
        byte* region = _pools.Memories.Rent(1, out ulong capacity);
        region[0] = 1;
        Assert.That(faults.AtMost(), Is.EqualTo(first), "a remembered count is no later one");
        Assert.That(faults.IsStill(first), Is.False);
        Assert.That(faults.AtMost(), Is.GreaterThan(first), "asked for anew");

        // Nothing else stands between the two questions: assertions fault as well, and so may the runtime's own work, hence the attempts.
        bool still = false;
        for (int attempt = 0; attempt < 100 && !still; attempt++)
        {
            long asked = faults.AtMost();
            region[PageSize - 1] = 1;
            still = faults.IsStill(asked);
        }

        Assert.That(still, Is.True, "a page that is present shows no fault");
        _pools.Memories.Return(region, capacity, 1);
    }

    [Test]
    public void Pages_written_by_one_use_or_a_later_one_are_zero_for_the_next([Values] bool onOtherThread, [Values(1, 3)] int pagesLater)
    {
        using PooledMemory memory = new(_pools, _map, null, Pages);
        Write(memory, 5);
        Assert.That(memory.TryRestore(), Is.True);
        Assert.That(IsZero(memory), Is.True);

        // The first restoration knows the pages; these are used again, and others besides.
        for (int use = 0; use < 4; use++)
        {
            memory.Use();
            for (int page = 0; page <= use * pagesLater; page++)
            {
                Run(onOtherThread, () => Write(memory, page + 5));
            }

            Assert.That(memory.TryRestore(), Is.True);
            Assert.That(IsZero(memory), Is.True, $"use {use}");
        }
    }

    [Test]
    public void A_page_that_another_thread_adds_is_found_although_the_first_has_had_no_fault()
    {
        using PooledMemory memory = new(_pools, _map, null, Pages);
        Write(memory, 5);
        Assert.That(memory.TryRestore(), Is.True);
        memory.Use();
        Run(onOtherThread: true, () => Write(memory, 9));
        Assert.That(memory.TryRestore(), Is.True);
        Assert.That(IsZero(memory), Is.True);
    }

    [Test]
    public void A_page_beyond_those_known_is_found()
    {
        using PooledMemory memory = new(_pools, _map, null, Pages);
        Write(memory, 5);
        Assert.That(memory.TryRestore(), Is.True);
        memory.Use();
        memory.Grow(Pages + 1);
        memory.Enter();
        int last = (int)(memory.Length / PageSize) - 1;
        Write(memory, last);
        Assert.That(memory.TryRestore(), Is.True);
        memory.Grow(Pages + 1);
        Assert.That(IsZero(memory), Is.True);
    }

    [Test]
    public void A_large_memory_moved_while_in_use_is_restored()
    {
        using PooledMemory memory = new(_pools, _map, null, Pages);
        Write(memory, 5);
        Assert.That(memory.TryRestore(), Is.True);
        memory.Use();
        memory.Enter();
        Write(memory, 5);
        memory.Grow(100);
        memory.Grow(200);
        Write(memory, 3000);
        Assert.That(memory.TryRestore(), Is.True);
        memory.Grow(200);
        Assert.That(IsZero(memory), Is.True);
    }

    private static void Write(PooledMemory memory, int page)
    {
        memory.Enter();
        memory.Base[((long)page * PageSize) + 17] = 0xff;
    }

    private static bool IsZero(PooledMemory memory) => !new ReadOnlySpan<byte>(memory.Base, (int)memory.Length).ContainsAnyExcept((byte)0);

    private static void Run(bool onOtherThread, Action work)
    {
        if (!onOtherThread)
        {
            work();
            return;
        }

        Thread thread = new(() => work());
        thread.Start();
        thread.Join();
    }
}
