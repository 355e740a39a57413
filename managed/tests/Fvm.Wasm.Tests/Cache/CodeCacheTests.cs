using Fvm.Wasm.Fuzz;
using NUnit.Framework;

namespace Fvm.Wasm.Tests;

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
        Assert.That(new CodeCache(_folder).Read(Key)?.ToArray(), Is.EqualTo(new byte[] { 1, 2, 3 }));
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
    public void What_was_derived_from_a_file_is_read_for_the_same_content_and_kind_only()
    {
        CodeCache cache = new(_folder);
        cache.WriteDerived("kind 1", [1, 2], [7, 8, 9]);
        Assert.That(new CodeCache(_folder).ReadDerived("kind 1", [1, 2])?.ToArray(), Is.EqualTo(new byte[] { 7, 8, 9 }));
        Assert.That(cache.ReadDerived("kind 1", new MemoryStream([1, 2]))?.ToArray(), Is.EqualTo(new byte[] { 7, 8, 9 }), "read as a stream");
        Assert.That(cache.ReadDerived("kind 2", [1, 2]), Is.Null);
        Assert.That(cache.ReadDerived("kind 1", [1, 3]), Is.Null);

        string file = Directory.GetFiles(_folder, "*.code")[0];
        byte[] bad = File.ReadAllBytes(file);
        bad[^1] ^= 1;
        File.WriteAllBytes(file, bad);
        Assert.That(cache.ReadDerived("kind 1", [1, 2]), Is.Null);
        Assert.That(File.Exists(file), Is.False);
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
    public void A_folder_is_marked_as_a_cache_and_its_owners_alone()
    {
        new CodeCache(_folder).Write(Key, [1]);

        Assert.That(File.ReadAllText(Path.Combine(_folder, "CACHEDIR.TAG")), Does.StartWith("Signature: 8a477f597d28d172789f06886806bc55\n"));
        if (!OperatingSystem.IsWindows())
        {
            Assert.That(File.GetUnixFileMode(_folder) & UnixFileMode.OtherRead, Is.EqualTo(UnixFileMode.None));
            Assert.That(File.GetUnixFileMode(Directory.GetFiles(_folder, "*.code")[0]) & UnixFileMode.OtherRead, Is.EqualTo(UnixFileMode.None));
        }
    }

    [TestCase("mine.code")]
    [TestCase("mine.tmp")]
    [TestCase("CACHEDIR.TAG")]
    public void A_folder_with_files_of_others_is_left_alone(string name)
    {
        Directory.CreateDirectory(_folder);
        string other = Path.Combine(_folder, name);
        File.WriteAllText(other, "Signature: 8a477f597d28d172789f06886806bc55\n# of another program");
        string another = Path.Combine(_folder, "notes");
        File.WriteAllText(another, "precious");
        CodeCache cache = new(_folder);

        cache.Write(Key, [1]);

        Assert.That(cache.IsUsable, Is.False);
        Assert.That(cache.Foreign, Does.Contain(_folder));
        Assert.That(cache.Clear(), Is.Zero);
        Assert.That(Directory.GetFiles(_folder), Is.EquivalentTo(new[] { other, another }));
    }

    [Test]
    public void Files_of_others_that_came_later_stay()
    {
        CodeCache cache = new(_folder, maxBytes: 200);
        string[] others = [.. new[] { "mine.code", "mine.tmp", $"{Key[..40]}.code", $"{Key}.code.tmp", $"{Key.ToUpperInvariant()}.code" }
            .Select(name => Path.Combine(_folder, name))];
        foreach (string other in others)
        {
            File.WriteAllText(other, new string('x', 1000));
            File.SetLastWriteTimeUtc(other, DateTime.UtcNow.AddYears(-1));
        }

        for (char key = 'a'; key <= 'd'; key++)
        {
            new CodeCache(_folder, maxBytes: 200).Write(new string(key, 64), new byte[60]);
        }

        Assert.That(cache.List(), Has.Count.InRange(1, 2));
        cache.Clear();
        Assert.That(others, Has.All.Matches<string>(File.Exists));
        Assert.That(cache.List(), Is.Empty);
    }

    [Test]
    public void A_folder_of_a_version_that_did_not_mark_it_is_taken_over()
    {
        new CodeCache(_folder).Write(Key, [1]);
        File.Delete(Path.Combine(_folder, "CACHEDIR.TAG"));
        File.WriteAllText(Path.Combine(_folder, $"{Key}.{Guid.NewGuid():n}.tmp"), "left");

        Assert.That(new CodeCache(_folder).Read(Key)?.ToArray(), Is.EqualTo(new byte[] { 1 }));
        Assert.That(File.Exists(Path.Combine(_folder, "CACHEDIR.TAG")), Is.True);
    }

    [Test]
    [CancelAfter(20_000)]
    public void What_is_no_regular_file_is_neither_read_nor_waited_for_nor_removed([Values("fifo", "endless", "folder", "link")] string kind, [Values] bool secret)
    {
        new CodeCache(_folder).Write(Key, [1]);
        string path = Path.Combine(_folder, secret ? "secret" : Key + ".code");
        string aside = Path.Combine(_folder, new string('b', 64) + ".code");
        File.Move(path, aside);
        Make(kind, path, aside);
        CodeCache cache = new(_folder);

        Assert.That(cache.Read(Key), Is.Null);
        cache.Write(Key, [1]);
        cache.Clear();

        Assert.That(Path.Exists(path) || new FileInfo(path).LinkTarget is not null, Is.True);
    }

    [Test]
    public void Clearing_removes_what_killed_processes_left()
    {
        CodeCache cache = new(_folder);
        string left = Path.Combine(_folder, $".fvm-{new string('a', 32)}.tmp");
        File.WriteAllText(left, "left");

        cache.Clear();

        Assert.That(File.Exists(left), Is.False);
    }

    [Test]
    public void An_entry_larger_than_the_cache_is_not_read()
    {
        new CodeCache(_folder).Write(Key, new byte[1000]);

        Assert.That(new CodeCache(_folder, maxBytes: 900).Read(Key), Is.Null);
        Assert.That(new CodeCache(_folder, maxBytes: 1000).Read(Key), Is.Not.Null);
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
            using CompilerEngine compiler = new(new CompilerOptions { Cache = new CodeCache(_folder), CompileAhead = round == 1, MinCachedModule = 0 });
            EngineFuzzer fuzzer = new(compiler, interpreter);
            // Not all of them are compiled: those with counted frames are interpreted.
            for (ulong seed = 0; seed < 200; seed++)
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
        CompilerOptions options = new() { Cache = new CodeCache(_folder), MinCachedModule = 0 };
        using (CompilerEngine engine = new(options))
        using (CompiledCode code = engine.LoadModule(module, ModuleRunner.Limits, ModuleRunner.Rules))
        {
            Assert.That(CompilerEngine.CompileAll([code], 2), Is.EqualTo(code.Module.Bodies.Length));
        }

        using CompilerEngine second = new(options);
        using CompiledCode again = second.LoadModule(module, ModuleRunner.Limits, ModuleRunner.Rules);
        Assert.That(CompilerEngine.CompileAll([again], 2), Is.Zero);
    }

    [Test]
    public void An_entry_of_machine_code_that_was_tampered_with_is_compiled_anew_and_replaced()
    {
        if (!CompilerEngine.IsSupported)
        {
            Assert.Ignore("machine code cannot be made here");
        }

        byte[] module = new ModuleGenerator(1).Generate();
        CompilerOptions options = new() { Cache = new CodeCache(_folder), MinCachedModule = 0 };
        using CompilerEngine engine = new(options);
        using (CompiledCode code = engine.LoadModule(module, ModuleRunner.Limits, ModuleRunner.Rules))
        {
            CompilerEngine.CompileAll([code], 1);
        }

        string file = Directory.GetFiles(_folder, "*.code")[0];
        byte[] good = File.ReadAllBytes(file);
        byte[] bad = [.. good];
        bad[^1] ^= 1;
        File.WriteAllBytes(file, bad);
        using (CompiledCode code = engine.LoadModule(module, ModuleRunner.Limits, ModuleRunner.Rules))
        {
            Assert.That(CompilerEngine.CompileAll([code], 1), Is.EqualTo(code.Module.Bodies.Length));
        }

        Assert.That(File.ReadAllBytes(file), Is.EqualTo(good));
    }

    [Test]
    public void Code_that_was_kept_in_part_is_completed_but_not_written_again_for_little()
    {
        if (!CompilerEngine.IsSupported)
        {
            Assert.Ignore("machine code cannot be made here");
        }

        ModuleBuilder builder = new();
        for (int i = 0; i < 400; i++)
        {
            builder.Function("i", "i", "", "local.get 0 i32.const 1 i32.add local.get 0 i32.mul");
        }

        byte[] module = builder.ToBytes();
        CompilerOptions options = new() { Cache = new CodeCache(_folder), MinCachedModule = 0 };
        using CompilerEngine engine = new(options);
        long[] sizes = [.. ((int[])[0, 200, 201, 399]).Select(last =>
        {
            using (CompiledCode code = engine.LoadModule(module, ModuleRunner.Limits, ModuleRunner.Rules))
            {
                for (int function = 0; function <= last; function++)
                {
                    code.Segment.Compile(function);
                }
            }

            return options.Cache.List()[0].Size;
        })];
        Assert.That(sizes, Is.Ordered.Ascending);
        Assert.That(sizes[1], Is.GreaterThan(sizes[0]));
        Assert.That(sizes[2], Is.EqualTo(sizes[1]), "one function more is no reason");
        Assert.That(sizes[3], Is.GreaterThan(sizes[2]));
    }

    [Test]
    public void Small_modules_are_not_kept()
    {
        if (!CompilerEngine.IsSupported)
        {
            Assert.Ignore("machine code cannot be made here");
        }

        using CompilerEngine engine = new(new CompilerOptions { Cache = new CodeCache(_folder) });
        using (CompiledCode code = engine.LoadModule(new ModuleGenerator(1).Generate(), ModuleRunner.Limits, ModuleRunner.Rules))
        {
            CompilerEngine.CompileAll([code], 1);
        }

        Assert.That(new CodeCache(_folder).List(), Is.Empty);
    }

    [Test]
    public void A_folder_that_others_may_write_to_is_not_used()
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.Ignore("needs Unix file modes");
            return;
        }

        new CodeCache(_folder).Write(Key, [1]);
        UnixFileMode mode = File.GetUnixFileMode(_folder);
        File.SetUnixFileMode(_folder, mode | UnixFileMode.GroupWrite);
        Assert.That(new CodeCache(_folder).IsUsable, Is.False);
        Assert.That(new CodeCache(_folder).Read(Key), Is.Null);
        File.SetUnixFileMode(_folder, mode);
        Assert.That(new CodeCache(_folder).Read(Key), Is.Not.Null);
    }

    [Test]
    public void A_secret_of_another_user_s_is_not_used()
    {
        new CodeCache(_folder).Write(Key, [1]);
        if (!TryGiveAway(Path.Combine(_folder, "secret")))
        {
            Assert.Ignore("needs the right to give files to another user");
        }

        Assert.That(new CodeCache(_folder).Read(Key), Is.Null);
    }

    [Test]
    public void A_smaller_entry_does_not_replace_a_larger_one()
    {
        CodeCache cache = new(_folder);
        cache.Write(Key, [1, 2, 3]);
        cache.Write(Key, [4]);
        Assert.That(cache.Read(Key)?.ToArray(), Is.EqualTo(new byte[] { 1, 2, 3 }));
        cache.Write(Key, [5, 6, 7]);
        Assert.That(cache.Read(Key)?.ToArray(), Is.EqualTo(new byte[] { 5, 6, 7 }));
    }

    // Each thread has its own cache, as a separate process would. Entries read are always complete and belong to their key.
    [Test]
    public void Many_writers_and_readers_share_a_folder_and_its_limit()
    {
        const int Keys = 20;
        const int Rounds = 60;
        const long MaxBytes = 40_000;
        int wrong = 0;
        int found = 0;
        Thread[] threads = [.. Enumerable.Range(0, 8).Select(thread => new Thread(() =>
        {
            CodeCache cache = new(_folder, MaxBytes);
            Randomness random = new((ulong)thread);
            for (int round = 0; round < Rounds; round++)
            {
                int key = random.Below(Keys);
                string name = key.ToString("x64", System.Globalization.CultureInfo.InvariantCulture);
                byte[] content = new byte[1000 + (key * 100)];
                content.AsSpan().Fill((byte)key);
                if (cache.Read(name)?.ToArray() is not byte[] kept)
                {
                    cache.Write(name, content);
                }
                else
                {
                    Interlocked.Increment(ref found);
                    Interlocked.Add(ref wrong, kept.AsSpan().SequenceEqual(content) ? 0 : 1);
                }
            }
        }))];
        Array.ForEach(threads, static thread => thread.Start());
        Array.ForEach(threads, static thread => thread.Join());
        Assert.That(wrong, Is.Zero);
        Assert.That(found, Is.GreaterThan(0));
        CodeCache last = new(_folder, MaxBytes);
        last.Write(new string('f', 64), [1]);
        Assert.That(last.List().Sum(static entry => entry.Size), Is.LessThanOrEqualTo(MaxBytes));
        Assert.That(Directory.GetFiles(_folder, "*.tmp"), Is.Empty);
    }

    private static bool TryGiveAway(string path)
    {
        try
        {
            using System.Diagnostics.Process? process = System.Diagnostics.Process.Start("chown", ["12345", path]);
            process!.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private static void Make(string kind, string path, string linked)
    {
        switch (kind)
        {
            case "fifo":
                using (System.Diagnostics.Process process = System.Diagnostics.Process.Start("mkfifo", [path]))
                {
                    process.WaitForExit();
                }

                break;
            case "folder":
                Directory.CreateDirectory(path);
                break;
            default:
                File.CreateSymbolicLink(path, kind == "endless" ? "/dev/zero" : linked);
                break;
        }
    }
}
