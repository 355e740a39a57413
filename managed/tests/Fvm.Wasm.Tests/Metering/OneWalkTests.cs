using Fvm.Wasm.Fuzz;
using NUnit.Framework;

namespace Fvm.Wasm.Tests;

/// <summary>Bodies are validated and metered in one walk; what comes of it is what separate walks give, the reason of a refusal included.</summary>
public sealed class OneWalkTests
{
    private const int Modules = 4_000;

    // Valid, and refused by the reference's stack limiter.
    private const string Unmetered = "unreachable drop i32.add drop";
    private const string Invalid = "local.get 7 drop";
    private const string Fine = "local.get 0 drop";

    [Test]
    public void Damaged_modules_have_the_same_fate()
    {
        int accepted = 0;
        int refused = 0;
        for (int i = 0; i < Modules; i++)
        {
            byte[] wasm = new ModuleGenerator((ulong)(i / 20)).Generate();
            Random random = new(i);
            for (int change = random.Next(3); change > 0; change--)
            {
                // Most of a module's bytes are code; damage there leaves the other sections whole.
                wasm[random.Next(wasm.Length / 3, wasm.Length)] ^= (byte)(1 << random.Next(8));
            }

            if (Agree(wasm))
            {
                accepted++;
            }
            else
            {
                refused++;
            }
        }

        Assert.That(accepted, Is.GreaterThan(Modules / 10));
        Assert.That(refused, Is.GreaterThan(Modules / 10));
    }

    [TestCase(Unmetered, Fine, "too few operands")]
    [TestCase(Fine, Unmetered, "too few operands")]
    [TestCase(Invalid, Unmetered, "unknown local 7")]
    [TestCase(Unmetered, Invalid, "unknown local 7")]
    [TestCase(Unmetered + " " + Invalid, Fine, "unknown local 7")]
    public void An_invalid_body_comes_before_one_that_cannot_be_metered(string first, string second, string reason)
    {
        ModuleBuilder builder = new();
        builder.Function("i", "", "", first);
        builder.Function("i", "", "", second);
        byte[] wasm = builder.ToBytes();
        Assert.That(Agree(wasm), Is.False);
        Assert.That(Fate(() => ModuleMetering.Decode(wasm, ModuleRunner.Limits, ModuleRunner.Rules)), Does.Contain(reason));
    }

    /// <summary>Compares both ways; returns whether they accept the module.</summary>
    private static bool Agree(byte[] wasm)
    {
        bool accepted = false;
        string together = Fate(() => ModuleMetering.Decode(wasm, ModuleRunner.Limits, ModuleRunner.Rules));
        string apart = Fate(() =>
        {
            WasmModule module = ModuleValidator.Decode(wasm, ModuleRunner.Limits);
            ModuleMetering metering = ModuleMetering.Analyze(module, ModuleRunner.Rules);
            accepted = true;
            return (module, metering);
        });
        Assert.That(together, Is.EqualTo(apart));
        return accepted;
    }

    private static string Fate(Func<(WasmModule, ModuleMetering?)> load)
    {
        try
        {
            (WasmModule module, ModuleMetering? metering) = load();
            return $"{metering!.CountsFrames} {metering.UsesLargeFrames} " + string.Join('\n', Enumerable.Range(0, module.FunctionCount)
                .Where(function => !module.IsImported(function))
                .Select(metering.Of)
                .Select(f => $"{f.StackCost}: {string.Join(' ', f.Blocks.ToArray())}, {string.Join(' ', f.Linear.ToArray())}"));
        }
        catch (InvalidModuleException e)
        {
            return e.Message;
        }
    }
}
