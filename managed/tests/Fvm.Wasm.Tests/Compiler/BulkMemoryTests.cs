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
}
