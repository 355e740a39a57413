using Fvm.Wasm.Cache;
using Fvm.Wasm.Compiler;
using Fvm.Wasm.Fuzz;
using Fvm.Wasm.Interpreter;
using NUnit.Framework;

namespace Fvm.Wasm.Tests.Cache;

public sealed class CodeCacheTests
{
    private static readonly string Key = new('a', 64);
    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Path.Combine(Path.GetTempPath(), $"fvm-cache-{Guid.NewGuid():n}");

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void What_was_written_is_read_also_by_another_process()
    {
        new CodeCache(_folder).Write(Key, [1, 2, 3]);
        Assert.That(new CodeCache(_folder).Read(Key), Is.EqualTo(new byte[] { 1, 2, 3 }));
        Assert.That(new CodeCache(_folder).Read(new string('b', 64)), Is.Null);
    }

    [Test]
    public void A_changed_byte_anywhere_makes_an_entry_vanish()
    {
        CodeCache cache = new(_folder);
        cache.Write(Key, [1, 2, 3]);
        string file = Directory.GetFiles(_folder, "*.code")[0];
        byte[] good = File.ReadAllBytes(file);
        for (int i = 0; i < good.Length; i++)
        {
            byte[] bad = [.. good];
            bad[i] ^= 1;
            File.WriteAllBytes(file, bad);
            Assert.That(cache.Read(Key), Is.Null);
            Assert.That(File.Exists(file), Is.False);
        }

        File.WriteAllBytes(file, good[..20]);
        Assert.That(cache.Read(Key), Is.Null);
    }

    [Test]
    public void An_entry_made_with_another_secret_or_under_another_name_is_not_believed()
    {
        CodeCache cache = new(_folder);
        cache.Write(Key, [1]);
        string file = Directory.GetFiles(_folder, "*.code")[0];
        File.Copy(file, Path.Combine(_folder, new string('b', 64) + ".code"));
        Assert.That(cache.Read(new string('b', 64)), Is.Null);

        File.Delete(Path.Combine(_folder, "secret"));
        Assert.That(new CodeCache(_folder).Read(Key), Is.Null);
    }

    [Test]
    public void A_secret_that_others_may_read_is_not_used()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Ignore("needs Unix file modes");
            return;
        }

        new CodeCache(_folder).Write(Key, [1]);
        File.SetUnixFileMode(Path.Combine(_folder, "secret"), UnixFileMode.UserRead | UnixFileMode.OtherRead);
        Assert.That(new CodeCache(_folder).Read(Key), Is.Null);
    }

    [Test]
    public void The_entries_used_longest_ago_make_room()
    {
        CodeCache cache = new(_folder, maxBytes: 300);
        for (char key = 'a'; key <= 'd'; key++)
        {
            cache.Write(new string(key, 64), new byte[60]);
            File.SetLastWriteTimeUtc(Path.Combine(_folder, new string(key, 64) + ".code"), DateTime.UtcNow.AddMinutes(key - 'z'));
        }

        Assert.That(cache.List().Sum(entry => entry.Size), Is.LessThanOrEqualTo(300));
        Assert.That(cache.Read(new string('a', 64)), Is.Null);
        Assert.That(cache.Read(new string('d', 64)), Is.Not.Null);
        Assert.That(cache.Clear(), Is.GreaterThan(0));
        Assert.That(cache.List(), Is.Empty);
    }

    [Test]
    public void A_folder_that_cannot_be_used_holds_nothing()
    {
        File.WriteAllText(_folder, "");
        CodeCache cache = new(_folder);
        cache.Write(Key, [1]);
        Assert.That(cache.Read(Key), Is.Null);
        Assert.That(cache.List(), Is.Empty);
        File.Delete(_folder);
        Directory.CreateDirectory(_folder);
    }

    [Test]
    public void Code_from_the_cache_does_what_new_code_does()
    {
        if (!CompilerEngine.IsSupported)
        {
            Assert.Ignore("machine code cannot be made here");
        }

        using InterpreterEngine interpreter = new();
        for (int round = 0; round < 2; round++)
        {
            using CompilerEngine compiler = new(new CompilerOptions { Cache = new CodeCache(_folder), CompileAhead = round == 1 });
            EngineFuzzer fuzzer = new(interpreter, compiler);
            for (ulong seed = 0; seed < 100; seed++)
            {
                Assert.That(fuzzer.Try(seed)?.Difference, Is.Null, $"case {seed}");
            }
        }

        Assert.That(new CodeCache(_folder).List(), Has.Count.GreaterThan(50));
    }

    [Test]
    public void Code_from_the_cache_is_not_compiled_again()
    {
        if (!CompilerEngine.IsSupported)
        {
            Assert.Ignore("machine code cannot be made here");
        }

        byte[] module = new ModuleGenerator(1).Generate();
        CompilerOptions options = new() { Cache = new CodeCache(_folder) };
        using (CompilerEngine engine = new(options))
        using (CompiledCode code = engine.LoadModule(module, ModuleRunner.Rules))
        {
            CompilerEngine.CompileAll(code, 2);
            Assert.That(code.Segment.CompiledCount, Is.EqualTo(code.Module.Bodies.Length));
        }

        using CompilerEngine second = new(options);
        using CompiledCode again = second.LoadModule(module, ModuleRunner.Rules);
        CompilerEngine.CompileAll(again, 2);
        Assert.That(again.Segment.CompiledCount, Is.Zero);
    }
}
