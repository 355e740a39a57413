using NUnit.Framework;

namespace Fvm.Wasm.Tests;

public sealed class WasmEnginesTests
{
    [Test]
    public void The_default_is_the_compiler_or_users_hear_why_not()
    {
        Assert.That(WasmEngines.Default, Is.EqualTo(CompilerEngine.IsSupported ? "compiler" : "interpreter"));
        Assert.That(WasmEngines.Fallback is null, Is.EqualTo(CompilerEngine.IsSupported));
    }

    [Test]
    public void Each_engine_is_made_by_its_name_and_no_other_is()
    {
        foreach (string name in WasmEngines.Names)
        {
            using IWasmEngine engine = WasmEngines.Create(name);
            Assert.That(engine.Name, Is.EqualTo(name));
        }

        Assert.That(() => WasmEngines.Create("jit"), Throws.ArgumentException.With.Message.Contains("interpreter"));
    }
}
