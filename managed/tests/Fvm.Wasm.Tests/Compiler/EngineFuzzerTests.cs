using Fvm.Wasm.Compiler;
using Fvm.Wasm.Fuzz;
using Fvm.Wasm.Interpreter;
using NUnit.Framework;

namespace Fvm.Wasm.Tests.Compiler;

public sealed class EngineFuzzerTests
{
    private const ulong Cases = 2000;

    [Test]
    public void The_engines_agree_on_random_modules()
    {
        RequireCompiler();
        using InterpreterEngine interpreter = new();
        using CompilerEngine compiler = new();
        EngineFuzzer fuzzer = new(interpreter, compiler);
        for (ulong seed = 0; seed < Cases; seed++)
        {
            FuzzFind? find = fuzzer.Try(seed);
            Assert.That(find?.Difference, Is.Null, $"case {seed}");
        }
    }

    [Test]
    public void Random_modules_are_valid_and_get_far()
    {
        using InterpreterEngine interpreter = new();
        int steps = 0;
        for (ulong seed = 0; seed < Cases; seed++)
        {
            RunOutcome outcome = ModuleRunner.Run(interpreter, new ModuleGenerator(seed).Generate(), seed);
            foreach (string line in outcome.Lines)
            {
                Assert.That(line, Does.Not.StartWith("refused: type mismatch"), $"case {seed}");
                steps += line.Contains(" None ", StringComparison.Ordinal) ? 1 : 0;
            }
        }

        Assert.That(steps, Is.GreaterThan((int)Cases));
    }

    [Test]
    public void A_find_is_minimised_to_what_shows_it()
    {
        byte[] module = new ModuleGenerator(3).Generate();
        byte[] small = Minimizer.Minimize(module, candidate => candidate.AsSpan().IndexOf((byte)0x0b) >= 0);
        Assert.That(small, Has.Length.LessThan(module.Length));
    }

    private static void RequireCompiler()
    {
        if (!CompilerEngine.IsSupported)
        {
            Assert.Ignore("machine code cannot be made here");
        }
    }
}
