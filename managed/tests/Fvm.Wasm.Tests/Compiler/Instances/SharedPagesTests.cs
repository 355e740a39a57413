using Fvm.Wasm.Fuzz;
using NUnit.Framework;

namespace Fvm.Wasm.Tests;

/// <summary>Memories that map the pages of their initial content instead of a copy.</summary>
public sealed unsafe class SharedPagesTests
{
    private const int PageSize = PageMap.PageSize;

    // The image begins in the middle of the memory, and takes six pages.
    private const int Start = 0x10_000;
    private const int ImagePages = 6;
    private const int Pages = 2;

    private PageMap _map = null!;
    private MemoryPools _pools = null!;
    private MemoryImage _image = null!;

    [SetUp]
    public void SetUp()
    {
        if (PageMap.Open() is not PageMap map)
        {
            Assert.Ignore("the system has no page map");
            return;
        }

        _map = map;
        _pools = new MemoryPools(stackSize: 0) { Shared = SharedPages.Open(_map) };
        _image = MemoryImage.Create(ModuleWithData(), _pools.Shared)!;
    }

    [TearDown]
    public void TearDown()
    {
        _image?.Dispose();
        _map?.Dispose();
        _pools?.Trim();
    }

    [Test]
    public void Linux_tells_pages_written_from_those_of_the_file()
    {
        Assert.That(_pools.Shared, Is.Not.Null);
        Assert.That(SharedPages.Open(null), Is.Null);
    }

    [Test]
    public void Only_pages_that_were_written_are_kept_and_restored()
    {
        using PooledMemory memory = New();
        Assert.That(HasInitialContent(memory), Is.True);
        Assert.That(memory.TryRestore(), Is.True);
        Assert.That(memory.Idle, Is.Zero, "no page was written");
        for (int use = 0; use < 4; use++)
        {
            memory.Use();
            Write(memory, use);
            Assert.That(memory.TryRestore(), Is.True);
            Assert.That(memory.Idle, Is.EqualTo((use + 1) * PageSize), $"use {use}");
            Assert.That(HasInitialContent(memory), Is.True, $"use {use}");
        }
    }

    [Test]
    public void A_page_of_the_image_that_another_thread_writes_is_restored()
    {
        using PooledMemory memory = New();
        Assert.That(memory.TryRestore(), Is.True);
        memory.Use();
        Thread thread = new(() => Write(memory, 3));
        thread.Start();
        thread.Join();
        Assert.That(memory.TryRestore(), Is.True);
        Assert.That(HasInitialContent(memory), Is.True);
    }

    [Test]
    public void What_one_memory_writes_no_other_sees()
    {
        using PooledMemory first = New();
        using PooledMemory second = New();
        for (int page = 0; page < ImagePages; page++)
        {
            Write(first, page);
        }

        Assert.That(HasInitialContent(first), Is.False);
        Assert.That(HasInitialContent(second), Is.True);
        using PooledMemory third = New();
        Assert.That(HasInitialContent(third), Is.True);
    }

    [Test]
    public void A_memory_that_outgrows_its_region_keeps_its_content_and_is_restored()
    {
        using PooledMemory memory = New();
        Write(memory, 2);
        memory.Base[17] = 0xaa;
        memory.Grow(200);
        Assert.That(memory.Base[17], Is.EqualTo(0xaa));
        Assert.That(memory.Base[Start + (2 * PageSize)], Is.EqualTo(0xff));
        Assert.That(memory.Base[Start + (3 * PageSize)], Is.EqualTo(ContentOf(3)));
        Write(memory, 4);
        memory.Base[memory.Length - 1] = 0xbb;
        memory.Grow(250);
        Assert.That(memory.TryRestore(), Is.True);
        Assert.That(HasInitialContent(memory), Is.True);
        memory.Grow(250);
        Assert.That(new ReadOnlySpan<byte>(memory.Base + (Pages * LinearMemory.PageSize), 2 << 20).ContainsAnyExcept((byte)0), Is.False);
    }

    [Test]
    public void Beyond_the_bound_of_mappings_memories_copy_the_image()
    {
        const int Count = 4100;
        PooledMemory[] memories = [.. Enumerable.Range(0, Count).Select(_ => New())];
        try
        {
            Write(memories[^1], 1);
            Assert.That(memories[^1].TryRestore(), Is.True);
            Assert.That(HasInitialContent(memories[^1]), Is.True);
            Assert.That(memories[^1].Idle, Is.GreaterThanOrEqualTo(ImagePages * PageSize));
        }
        finally
        {
            Array.ForEach(memories, static memory => memory.Dispose());
        }

        using PooledMemory next = New();
        Assert.That(next.TryRestore(), Is.True);
        Assert.That(next.Idle, Is.LessThan(ImagePages * PageSize), "mappings of memories that are gone count no more");
    }

    private static WasmModule ModuleWithData()
    {
        ModuleBuilder builder = new ModuleBuilder().Memory(Pages, null);
        for (int page = 0; page < ImagePages; page++)
        {
            builder.Data(Start + (page * PageSize), ContentOf(page));
        }

        return ModuleValidator.Decode(builder.ToBytes(), ModuleRunner.Limits);
    }

    private static byte ContentOf(int page) => (byte)(page + 1);

    private static void Write(PooledMemory memory, int imagePage)
    {
        memory.Enter();
        memory.Base[Start + (imagePage * PageSize)] = 0xff;
    }

    // Reads only the image: other pages count as present once they are read.
    private static bool HasInitialContent(PooledMemory memory)
    {
        ReadOnlySpan<byte> image = new(memory.Base + Start, ImagePages * PageSize);
        for (int page = 0; page < ImagePages; page++)
        {
            if (image[page * PageSize] != ContentOf(page) || image.Slice((page * PageSize) + 1, PageSize - 1).ContainsAnyExcept((byte)0))
            {
                return false;
            }
        }

        return true;
    }

    private PooledMemory New() => new(_pools, _map, _image, Pages);
}
