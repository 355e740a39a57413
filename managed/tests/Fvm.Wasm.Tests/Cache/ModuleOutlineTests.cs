using Fvm.Wasm.Fuzz;
using NUnit.Framework;

namespace Fvm.Wasm.Tests;

/// <summary>Code found by a module's name, without the module's bytes.</summary>
public sealed class ModuleOutlineTests
{
    private static readonly ModuleName Name = new(new byte[] { 1, 2, 3 }, static _ => true);
    private string _folder = "";

    [SetUp]
    public void MakeFolder()
    {
        if (!CompilerEngine.IsSupported)
        {
            Assert.Ignore("machine code cannot be made here");
        }

        _folder = Path.Combine(Path.GetTempPath(), $"fvm-cache-{Guid.NewGuid():n}");
    }

    [TearDown]
    public void RemoveFolder()
    {
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    [Test]
    public void Code_by_name_does_what_the_interpreter_does()
    {
        using InterpreterEngine interpreter = new();
        int found = 0;
        for (ulong seed = 1; seed <= 120; seed++)
        {
            byte[] module = new ModuleGenerator(seed).Generate();
            ModuleName name = new(BitConverter.GetBytes(seed), static _ => true);
            MeteringRules rules = seed % 4 == 0 ? ModuleRunner.DeepRules : ModuleRunner.Rules;
            using CompilerEngine first = NewEngine();
            try
            {
                using IWasmCode code = first.Load(module, ModuleRunner.Limits, rules, name);
                CompilerEngine.CompileAll([code], 1);
            }
            catch (InvalidModuleException)
            {
                // Refused by the metering.
                continue;
            }

            using CompilerEngine second = NewEngine();
            ByName byName = new(second, name);
            RunOutcome outcome = ModuleRunner.Run(byName, module, seed);
            Assert.That(outcome.Lines, Is.EqualTo(ModuleRunner.Run(interpreter, module, seed).Lines), $"case {seed}");
            found += byName.Found;
        }

        Assert.That(found, Is.GreaterThan(60), "the others are interpreted, or have references by globals");
    }

    [Test]
    public void Only_complete_code_has_an_outline()
    {
        using CompilerEngine engine = NewEngine();
        using (CompiledCode code = (CompiledCode)engine.Load(TwoFunctions(), ModuleRunner.Limits, ModuleRunner.Rules, Name))
        {
            code.Segment.Compile(0);
        }

        Assert.That(Kept(Name), Is.Zero);
        using (IWasmCode code = engine.Load(TwoFunctions(), ModuleRunner.Limits, ModuleRunner.Rules, Name))
        {
            CompilerEngine.CompileAll([code], 1);
        }

        Assert.That(Kept(Name), Is.EqualTo(2));
    }

    [Test]
    public void Code_that_was_kept_without_a_name_gets_one_when_it_is_loaded_by_name()
    {
        Keep(null);
        Assert.That(Kept(Name), Is.Zero);
        using CompilerEngine engine = NewEngine();
        engine.Load(TwoFunctions(), ModuleRunner.Limits, ModuleRunner.Rules, Name).Dispose();
        Assert.That(Kept(Name), Is.EqualTo(2));
    }

    [Test]
    public void A_name_of_another_content_is_not_kept()
    {
        ModuleName wrong = Name with { IsOf = static _ => false };
        Keep(wrong);
        Assert.That(Kept(wrong), Is.Zero);
    }

    [Test]
    public void Other_names_limits_and_rules_have_other_code()
    {
        Keep(Name);
        using CompilerEngine engine = NewEngine();
        using CompilerEngine stoppable = new(Options() with { Stoppable = true });
        ModuleLimits limits = ModuleRunner.Limits with { Locals = 49_999 };
        Assert.That(engine.TryLoadKept(Name with { Bytes = new byte[] { 1, 2 } }, ModuleRunner.Limits, ModuleRunner.Rules), Is.Null);
        Assert.That(engine.TryLoadKept(Name, limits, ModuleRunner.Rules), Is.Null);
        Assert.That(engine.TryLoadKept(Name, ModuleRunner.Limits, ModuleRunner.DeepRules), Is.Null);
        Assert.That(stoppable.TryLoadKept(Name, ModuleRunner.Limits, ModuleRunner.Rules), Is.Null);
    }

    [Test]
    public void Broken_truncated_exchanged_and_missing_entries_are_not_believed_and_are_made_again()
    {
        Keep(Name);
        string[] files = Directory.GetFiles(_folder, "*.code");
        byte[][] good = [.. files.Select(File.ReadAllBytes)];
        Assert.That(files, Has.Length.EqualTo(2));
        for (int file = 0; file < files.Length; file++)
        {
            byte[] flipped = [.. good[file]];
            flipped[flipped.Length / 2] ^= 1;
            foreach (byte[]? bad in (byte[]?[])[flipped, good[file][..^1], good[file][..41], [], good[1 - file], null])
            {
                File.Delete(files[file]);
                if (bad is not null)
                {
                    File.WriteAllBytes(files[file], bad);
                }

                Assert.That(Kept(Name), Is.Zero);
                Keep(Name);
                Assert.That(Kept(Name), Is.EqualTo(2), $"made again: {bad?.Length}");
                Assert.That(files.Select(File.ReadAllBytes), Is.EqualTo(good));
            }
        }
    }

    [Test]
    public void A_reference_by_a_global_rules_an_outline_out()
    {
        ModuleBuilder builder = new();
        builder.Function("", "i", "", "i32.const 1");
        WasmModule module = ModuleDecoder.Decode(builder.ToBytes(), ModuleRunner.Limits);
        Assert.That(ModuleOutline.IsPossible(module), Is.True);
        Global reference = new(new GlobalType(ValueKind.FuncRef, false), new ConstantExpression(Opcode.RefFunc, 0));
        Assert.That(ModuleOutline.IsPossible(WithGlobal(module, reference)), Is.False);
    }

    [Test]
    public void Without_instructions_nothing_is_compiled_or_listed()
    {
        Keep(Name);
        using CompilerEngine engine = NewEngine();
        using CompiledCode code = (CompiledCode)engine.TryLoadKept(Name, ModuleRunner.Limits, ModuleRunner.Rules)!;
        Assert.That(CompilerEngine.CompileAll([code], 1), Is.Zero);
        Assert.That(() => code.Segment.List(0), Throws.InvalidOperationException);
        Assert.That(() => code.Segment.Compile(code.Module.FunctionCount), Throws.InvalidOperationException);
    }

    private static byte[] TwoFunctions()
    {
        ModuleBuilder builder = new();
        builder.Function("i", "i", "", "local.get 0 i32.const 1 i32.add");
        builder.Function("i", "i", "", "local.get 0 i32.const 2 i32.add");
        return builder.ToBytes();
    }

    private static WasmModule WithGlobal(WasmModule module, Global global) => new()
    {
        Bytes = module.Bytes,
        Limits = module.Limits,
        Types = module.Types,
        Imports = module.Imports,
        FunctionTypes = module.FunctionTypes,
        ImportedFunctionCount = module.ImportedFunctionCount,
        Bodies = module.Bodies,
        Tables = module.Tables,
        Memories = module.Memories,
        Globals = [global],
        ImportedGlobalCount = 0,
        Exports = module.Exports,
        StartFunction = module.StartFunction,
        Elements = module.Elements,
        Data = module.Data,
        HasDataCount = module.HasDataCount,
    };

    // Code for guard pages has no outlines.
    private CompilerOptions Options() => new() { Cache = new CodeCache(_folder), MinCachedModule = 0, GuardPages = false };

    private CompilerEngine NewEngine() => new(Options());

    private void Keep(ModuleName? name)
    {
        using CompilerEngine engine = NewEngine();
        using IWasmCode code = name is null
            ? engine.Load(TwoFunctions(), ModuleRunner.Limits, ModuleRunner.Rules)
            : engine.Load(TwoFunctions(), ModuleRunner.Limits, ModuleRunner.Rules, name);
        CompilerEngine.CompileAll([code], 1);
    }

    // The number of functions of the code kept under a name.
    private int Kept(ModuleName name)
    {
        using CompilerEngine engine = NewEngine();
        using IWasmCode? code = engine.TryLoadKept(name, ModuleRunner.Limits, ModuleRunner.Rules);
        return code?.Module.Bodies.Length ?? 0;
    }

    private sealed class ByName(CompilerEngine engine, ModuleName name) : IWasmEngine
    {
        public int Found { get; private set; }

        public string Name => engine.Name;

        public IWasmCode Load(ReadOnlyMemory<byte> wasm, ModuleLimits limits, MeteringRules? rules)
        {
            IWasmCode? kept = engine.TryLoadKept(name, limits, rules!);
            Found += kept is null ? 0 : 1;
            return kept ?? engine.Load(wasm, limits, rules);
        }

        public void Trim() => engine.Trim();

        public void Dispose()
        {
        }
    }
}
