using Fvm.Wasm.Fuzz;
using NUnit.Framework;

namespace Fvm.Wasm.Tests;

public sealed class EngineFuzzerTests
{
    private const ulong Cases = 2000;

    [Test]
    public void The_engines_agree_on_random_modules()
    {
        RequireCompiler();
        using InterpreterEngine interpreter = new();
        using CompilerEngine compiler = new();
        EngineFuzzer fuzzer = new(compiler, interpreter);
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
                // The reference's instrumentation rejects negative constant lengths.
                Assert.That(line, Does.Not.Match("^(refused: (?!a priced operand is)|not )"), $"case {seed}");
                steps += line.Contains(" None ", StringComparison.Ordinal) ? 1 : 0;
            }
        }

        Assert.That(steps, Is.GreaterThan((int)Cases));
    }

    [Test]
    public void Random_modules_call_deep_round_about_and_through_tables()
    {
        using InterpreterEngine interpreter = new();
        int interpreted = 0;
        int limited = 0;
        int rings = 0;
        for (ulong seed = 0; seed < Cases; seed++)
        {
            byte[] module = EngineFuzzer.ModuleOf(seed);
            RunOutcome outcome = ModuleRunner.Run(interpreter, module, seed);
            interpreted += outcome.CountsFrames ? 1 : 0;
            limited += outcome.Lines.Any(static line => line.Contains($" {TrapCode.StackLimit} ", StringComparison.Ordinal)) ? 1 : 0;
            rings += ModuleValidator.Decode(module, ModuleRunner.Limits).Types.Any(static type => type.Parameters.Length > 8) ? 1 : 0;
        }

        Assert.That(interpreted, Is.GreaterThan(100), "the compiler would leave them to the interpreter");
        Assert.That(limited, Is.GreaterThan(100), "calls that the limiter ends");
        Assert.That(rings, Is.GreaterThan(100), "functions with many parameters");
    }

    [Test]
    public void Random_modules_have_every_instruction()
    {
        HashSet<Opcode> seen = [];
        for (ulong seed = 0; seed < Cases; seed++)
        {
            byte[] bytes = EngineFuzzer.ModuleOf(seed);
            WasmModule module = ModuleValidator.Decode(bytes, ModuleRunner.Limits);
            foreach (FunctionBody body in module.Bodies)
            {
                InstructionReader reader = new(bytes, body);
                while (reader.MoveNext())
                {
                    seen.Add(reader.Opcode);
                }
            }
        }

        // These two are rejected in bodies.
        Assert.That(Opcodes.All.Select(static row => row.Opcode).Except(seen), Is.EqualTo(new[] { Opcode.RefNull, Opcode.RefFunc }));
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
