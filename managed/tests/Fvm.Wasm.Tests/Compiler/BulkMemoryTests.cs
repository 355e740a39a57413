using Fvm.Wasm.Fuzz;
using NUnit.Framework;

namespace Fvm.Wasm.Tests;

[TestFixtureSource(nameof(Engines))]
public sealed unsafe class BulkMemoryTests(string engineName, int vectorSize)
{
    private const int Memory = 65_536;

    // Features that the processor lacks are not used, so all may be requested.
    private static IEnumerable<object[]> Engines =>
        from name in WasmEngines.Names
        from size in name == "compiler" ? new[] { 16, 32, 64 } : [64]
        select new object[] { name, size };

    [Test]
    public void Copies_and_fills_of_every_size_and_overlap_do_what_a_span_does()
    {
        using IWasmEngine engine = WasmEngines.Create(engineName, new CompilerOptions { MaxVectorSize = vectorSize });
        ModuleBuilder builder = new ModuleBuilder().Memory(1);
        builder.Function("iii", "", "", "local.get 0 local.get 1 local.get 2 memory.copy");
        builder.Function("iii", "", "", "local.get 0 local.get 1 local.get 2 memory.fill");
        builder.Export("copy", 0).Export("fill", 1);
        using IWasmCode code = engine.Load(builder.ToBytes(), ModuleRunner.Limits, null);
        using FuzzHost host = new();
        using IWasmInstance instance = code.Link(FuzzHost.Table, out _)!.Instantiate(host, out _)!;
        Randomness random = new(1);
        byte[] expected = new byte[Memory];
        Span<byte> actual = new(instance.Context->MemoryBase, Memory);
        for (int i = 0; i < Memory; i++)
        {
            expected[i] = actual[i] = (byte)random.Next();
        }

        for (int round = 0; round < 20_000; round++)
        {
            int count = random.Below(9) switch { 0 => random.Below(10_000), 1 or 2 => random.Below(600), 8 => (16 << random.Below(7)) + random.Below(3) - 1, 3 => random.Below(70), _ => random.Below(20) };
            int from = random.Below(Memory);
            int to = random.OneIn(3) ? Math.Clamp(from + random.Below(200) - 100, 0, Memory) : random.Below(Memory);
            bool fill = random.OneIn(3);
            ulong[] slots = [(ulong)to, (ulong)from, (ulong)count];
            TrapCode trap = instance.Call(fill ? 1 : 0, slots);
            if (to + count > Memory || (!fill && from + count > Memory))
            {
                Assert.That(trap, Is.EqualTo(TrapCode.MemoryOutOfBounds));
                continue;
            }

            Assert.That(trap, Is.EqualTo(TrapCode.None));
            if (fill)
            {
                expected.AsSpan(to, count).Fill((byte)from);
            }
            else
            {
                expected.AsSpan(from, count).CopyTo(expected.AsSpan(to));
            }

            if (!actual.SequenceEqual(expected))
            {
                Assert.Fail($"{(fill ? "fill" : "copy")} {to} {from} {count} differs");
            }
        }
    }

    [Test]
    public void Segments_are_copied_until_they_are_dropped_and_only_within_their_range()
    {
        using IWasmEngine engine = WasmEngines.Create(engineName, new CompilerOptions { MaxVectorSize = vectorSize });
        Randomness random = new(2);
        int[] sizes = [16, 5_000, 0, 100, 1];
        byte[][] segments = Array.ConvertAll(sizes, size => Enumerable.Range(0, size).Select(_ => (byte)random.Next()).ToArray());
        const int Active = 0;
        ModuleBuilder builder = new ModuleBuilder().Memory(1);
        for (int i = 0; i < segments.Length; i++)
        {
            builder.Function("iii", "", "", $"local.get 0 local.get 1 local.get 2 memory.init {i}");
            builder.Function("", "", "", $"data.drop {i}");
            builder.Data(i == Active ? 0 : null, segments[i]);
        }

        using IWasmCode code = engine.Load(builder.ToBytes(), ModuleRunner.Limits, null);
        using FuzzHost host = new();
        ILinkedCode linked = code.Link(FuzzHost.Table, out _)!;

        // A later instance may be made of what an earlier one had: its segments are not dropped.
        for (int turn = 0; turn < 3; turn++)
        {
            using IWasmInstance instance = linked.Instantiate(host, out _)!;
            Assert.That(instance.Initialize(), Is.EqualTo(TrapCode.None));
            Span<byte> actual = new(instance.Context->MemoryBase, Memory);
            byte[] expected = actual.ToArray();
            bool[] dropped = new bool[segments.Length];
            dropped[Active] = true;
            for (int round = 0; round < 10_000; round++)
            {
                int segment = random.Below(segments.Length);
                if (random.OneIn(round < 9_000 ? 10_000 : 500))
                {
                    Assert.That(instance.Call((2 * segment) + 1, new ulong[1]), Is.EqualTo(TrapCode.None));
                    dropped[segment] = true;
                }

                int length = dropped[segment] ? 0 : segments[segment].Length;
                uint count = random.Below(20) switch
                {
                    0 => uint.MaxValue,
                    1 => (uint)length,
                    _ => (uint)random.Below(length + 2),
                };
                uint from = random.Below(20) switch
                {
                    0 => uint.MaxValue,
                    1 => (uint)length,
                    2 or 3 or 4 => 0,
                    _ => (uint)random.Below(length + 2),
                };
                uint to = random.Below(20) switch
                {
                    0 => uint.MaxValue,
                    1 => Memory - count,
                    2 => Memory - count + 1,
                    _ => (uint)random.Below(Memory),
                };
                TrapCode trap = instance.Call(2 * segment, [to, from, count]);
                bool fits = (ulong)from + count <= (ulong)length && (ulong)to + count <= Memory;
                Assert.That(trap, Is.EqualTo(fits ? TrapCode.None : TrapCode.MemoryOutOfBounds), $"{segment}: {to} {from} {count}");
                if (fits)
                {
                    segments[segment].AsSpan((int)from, (int)count).CopyTo(expected.AsSpan((int)to));
                }

                if (!actual.SequenceEqual(expected))
                {
                    Assert.Fail($"{segment}: {to} {from} {count} differs");
                }
            }
        }
    }
}
