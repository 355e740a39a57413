using System.Globalization;
using Fvm.Wasm.Fuzz;
using NUnit.Framework;

namespace Fvm.Wasm.Tests;

/// <summary>
/// Random mutations of small modules. Each is rejected with a reason or runs within its gas: it never crashes, hangs or allocates without
/// bound. The environment variable <c>FVM_MUTATIONS</c> is their number; a million take some minutes.
/// </summary>
public sealed class MutationTests
{
    private const int Default = 50_000;
    private const int PerModule = 50;
    private const long Gas = 20_000;
    private const long MemoryBound = 256 * 1024 * 1024;

    [Test]
    public void Damaged_modules_are_refused_or_run()
    {
        int mutations = int.TryParse(Environment.GetEnvironmentVariable("FVM_MUTATIONS"), CultureInfo.InvariantCulture, out int count) ? count : Default;
        int refused = 0;
        int ran = 0;
        using InterpreterEngine engine = new();
        for (int i = 0; i < mutations; i++)
        {
            byte[] module = new ModuleGenerator((ulong)(i / PerModule)).Generate();
            Random random = new(i);
            byte[] damaged = Damage(module, random);
            try
            {
                ran += Run(engine, damaged) ? 1 : 0;
            }
            catch (InvalidModuleException e)
            {
                Assert.That(e.Message, Does.Contain("offset"));
                refused++;
            }
            catch (Exception e)
            {
                Assert.Fail($"mutation {i}: {e}");
            }
        }

        TestContext.Out.WriteLine($"{refused} refused, {ran} ran");
        Assert.That(refused, Is.GreaterThan(mutations / 4));
        Assert.That(ran, Is.GreaterThan(mutations / 50));
        Assert.That(GC.GetTotalMemory(forceFullCollection: true), Is.LessThan(MemoryBound));
    }

    private static byte[] Damage(byte[] module, Random random)
    {
        List<byte> bytes = [.. module];
        for (int i = random.Next(2) == 0 ? 1 : random.Next(1, 4); i > 0; i--)
        {
            int at = random.Next(bytes.Count);
            switch (random.Next(6))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2:
                    bytes.RemoveRange(at, Math.Min(random.Next(1, 4), bytes.Count - at));
                    break;
                case 3:
                    bytes.Insert(at, (byte)random.Next(256));
                    break;
                case 4:
                    bytes[at] = random.Next(2) == 0 ? (byte)0xff : (byte)0x80;
                    break;
                default:
                    bytes.AddRange(bytes.GetRange(at, Math.Min(16, bytes.Count - at)));
                    break;
            }

            if (bytes.Count == 0)
            {
                break;
            }
        }

        return [.. bytes];
    }

    private static unsafe bool Run(InterpreterEngine engine, byte[] wasm)
    {
        using IWasmCode code = engine.Load(wasm, ModuleRunner.Limits, ModuleRunner.Rules);
        ILinkedCode? linked = code.Link(TestHost.Table, out _);
        using IWasmInstance? instance = linked?.Instantiate(new TestHost(), out _);
        if (instance is null)
        {
            return false;
        }

        instance.Context->GasLeft = Gas;
        if (instance.Initialize() != TrapCode.None)
        {
            return true;
        }

        foreach (Export export in code.Module.Exports)
        {
            if (export.Kind == ExternalKind.Function)
            {
                instance.Context->GasLeft = Gas;
                instance.Context->StackHeight = 0;
                instance.Call(export.Index, new ulong[1 + code.Module.TypeOf(export.Index).Parameters.Length]);
            }
        }

        return true;
    }
}
