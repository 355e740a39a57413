using System.Globalization;
using System.Runtime.CompilerServices;
using NUnit.Framework;

namespace Fvm.Wasm.Tests;

public sealed class NativeStackTests
{
    private const int Used = 64 << 20;
    private const long Reserved = 4L << 30;
    private const int Piece = 1 << 20;

    [TestCase(false)]
    [TestCase(true)]
    public void A_deep_stack_is_given_back_and_can_be_used_again(bool reserved)
    {
        long deep = 0;
        long after = 0;
        void Work()
        {
            NativeStack stack = NativeStack.OfThread();
            Use(stack, Used);
            deep = Resident();
            stack.GiveBack();
            after = Resident();
            Use(stack, Used);
            stack.GiveBack();
        }

        if (reserved)
        {
            DeepThread.Start(Work, Reserved, "test").Join();
        }
        else
        {
            Thread thread = new(Work, 256 << 20);
            thread.Start();
            thread.Join();
        }

        Assert.That(deep - after, Is.GreaterThan(Used / 2));
    }

    [Test]
    public void A_thread_looks_its_stack_up_once([Values] bool reserved)
    {
        NativeStack? first = null;
        NativeStack? second = null;
        void Work()
        {
            first = NativeStack.OfThread();
            second = NativeStack.OfThread();
        }

        if (reserved)
        {
            DeepThread.Start(Work, Reserved, "test").Join();
        }
        else
        {
            Thread thread = new(Work);
            thread.Start();
            thread.Join();
        }

        Assert.That(first, Is.Not.Null);
        Assert.That(second, Is.SameAs(first));
        Assert.That(NativeStack.OfThread(), Is.Not.SameAs(first));
    }

    // Reserved addresses without committed memory: a hundred times the available memory.
    [Test]
    [Platform("Linux")]
    public void Hundreds_of_threads_with_gigabytes_of_stack_take_no_memory()
    {
        long before = Resident();
        using SemaphoreSlim started = new(0);
        using SemaphoreSlim end = new(0);
        DeepThread[] threads = new DeepThread[256];
        for (int i = 0; i < threads.Length; i++)
        {
            threads[i] = DeepThread.Start(
                () =>
                {
                    started.Release();
                    end.Wait();
                },
                Reserved,
                "test");
        }

        for (int i = 0; i < threads.Length; i++)
        {
            started.Wait();
        }

        long taken = Resident() - before;
        end.Release(threads.Length);
        foreach (DeepThread thread in threads)
        {
            thread.Join();
        }

        Assert.That(taken, Is.LessThan(256L << 20));
    }

    [Test]
    public void A_thread_that_cannot_be_had_says_what_it_needs() =>
        Assert.That(
            () => DeepThread.Start(static () => { }, 1L << 50, "test"),
            Throws.TypeOf<OutOfMemoryException>().With.Message.Contains($"{1L << 30} MiB of addresses"));

    [Test]
    public void What_the_work_throws_is_thrown_where_its_end_is_waited_for() =>
        Assert.That(
            () => DeepThread.Start(static () => throw new InvalidOperationException("no"), Reserved, "test").Join(),
            Throws.TypeOf<InvalidOperationException>());

    [Test]
    [Platform("Linux")]
    public void A_stack_that_has_no_more_is_an_exception() =>
        Assert.That(
            () => DeepThread.Start(static () => Use(NativeStack.OfThread(), Used), 32 << 20, "test").Join(),
            Throws.TypeOf<InsufficientExecutionStackException>());

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Use(NativeStack stack, int bytes)
    {
        stack.Need(Piece);
        Span<byte> room = stackalloc byte[Piece / 2];
        room.Fill((byte)bytes);
        return bytes <= room.Length ? room[1] : Use(stack, bytes - room.Length) + room[bytes % room.Length];
    }

    private static long Resident() =>
        long.Parse(File.ReadAllText("/proc/self/statm").Split(' ')[1], CultureInfo.InvariantCulture) * Environment.SystemPageSize;
}
