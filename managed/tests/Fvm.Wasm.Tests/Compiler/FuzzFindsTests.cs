using System.Globalization;
using Fvm.Wasm.Fuzz;
using NUnit.Framework;

namespace Fvm.Wasm.Tests;

/// <summary>
/// Modules on which the engines differed once, or differ with a deliberately broken compiler: <c>Finds/NNNN-what-was-wrong-CASE.wasm</c>.
/// </summary>
public sealed class FuzzFindsTests
{
    [TestCaseSource(nameof(Files))]
    public void The_engines_agree_on_what_was_found(string file)
    {
        if (!CompilerEngine.IsSupported)
        {
            Assert.Ignore("machine code cannot be made here");
        }

        ulong seed = ulong.Parse(Path.GetFileNameWithoutExtension(file).Split('-')[^1], CultureInfo.InvariantCulture);
        byte[] module = File.ReadAllBytes(Path.Combine(Folder(), file));
        using InterpreterEngine interpreter = new();
        using CompilerEngine compiler = new();
        Assert.That(new EngineFuzzer(compiler, interpreter).Compare(module, seed), Is.Null);
        Assert.That(ModuleRunner.Run(interpreter, module, seed).Lines[0], Does.StartWith("initialize"), "it is a module still");
    }

    [Test]
    public void Finds_are_numbered_without_gaps()
    {
        int[] numbers = [.. Files().Select(static file => int.Parse(file.AsSpan(0, 4), CultureInfo.InvariantCulture))];
        Assert.That(numbers, Is.EqualTo(Enumerable.Range(1, numbers.Length)));
    }

    private static string Folder() => Repository.PathOf("managed", "tests", "Fvm.Wasm.Tests", "Compiler", "Finds");

    private static string[] Files() => [.. Directory.GetFiles(Folder(), "*.wasm").Select(Path.GetFileName).Order(StringComparer.Ordinal)!];
}
