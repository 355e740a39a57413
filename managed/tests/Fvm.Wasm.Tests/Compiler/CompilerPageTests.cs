using Fvm.Wasm.Fuzz;
using Iced.Intel;
using NUnit.Framework;

namespace Fvm.Wasm.Tests;

/// <summary>Holds the example in the compiler's README.md to what the compiler makes.</summary>
public sealed class CompilerPageTests
{
    private const string Code = """
        loop
        local.get 2
        local.get 0
        i32.load 8
        i32.add
        local.set 2
        local.get 0
        i32.const 4
        i32.add
        local.set 0
        local.get 1
        i32.const 1
        i32.sub
        local.tee 1
        br_if 0
        end
        local.get 2
        """;

    [Test]
    public void The_machine_code_on_the_page_is_what_the_compiler_makes()
    {
        if (!CompilerEngine.IsSupported)
        {
            Assert.Ignore("machine code cannot be made here");
        }

        string page = File.ReadAllText(Repository.PathOf("managed", "src", "Fvm.Wasm", "Compiler", "README.md"));
        IEnumerable<string> shown = page.ReplaceLineEndings("\n").Split('\n')
            .SkipWhile(static line => line != "<!-- listing -->").Skip(2).TakeWhile(static line => line != "```")
            .Select(static line => line.Split(';')[0].TrimEnd());
        string[] made = [.. Listing()];
        Assert.That(shown, Is.EqualTo(made), string.Join('\n', made));
    }

    /// <summary>The Wasm instructions, each followed by its machine code, indented. One that another one took in is on its line.</summary>
    private static IEnumerable<string> Listing()
    {
        ModuleBuilder builder = new();
        builder.Memory(1);
        builder.Function("ii", "i", "i", Code.ReplaceLineEndings(" "));
        using CompilerEngine engine = new(new CompilerOptions { GuardPages = false });
        using IWasmCode code = engine.Load(builder.ToBytes(), ModuleRunner.Limits, ModuleRunner.Rules);
        FunctionListing listing = CompilerEngine.List(code, 0)!;
        List<int> offsets = Offsets(code.Module);
        string[] wasm = [.. Code.ReplaceLineEndings("\n").Split('\n'), "end"];
        MasmFormatter formatter = Decoded.Formatter();
        StringOutput output = new();
        Decoder decoder = Decoder.Create(64, listing.Code);
        decoder.IP = listing.Address;
        int shown = 0;
        while (decoder.IP < listing.Address + (ulong)listing.Code.Length)
        {
            ulong at = decoder.IP - listing.Address;
            for (; shown < listing.Instructions.Count && (ulong)listing.Instructions[shown].Position <= at; shown++)
            {
                int first = offsets.IndexOf(listing.Instructions[shown].Offset);
                int next = shown + 1 < listing.Instructions.Count ? offsets.IndexOf(listing.Instructions[shown + 1].Offset) : wasm.Length;
                yield return string.Join(", ", wasm[first..next]);
            }

            Iced.Intel.Instruction instruction = decoder.Decode();
            formatter.Format(instruction, output);
            string text = output.ToStringAndReset();
            if (instruction.IsJccShortOrNear || instruction.IsJmpShortOrNear)
            {
                ulong target = instruction.NearBranchTarget;
                string name = listing.Names.TryGetValue(target, out string? known) ? known : $"{target - listing.Address:x3}";
                text = $"{instruction.Mnemonic.ToString().ToLowerInvariant()} {name}";
            }

            yield return $"    {at:x3}  {text}";
        }
    }

    private static List<int> Offsets(WasmModule module)
    {
        List<int> offsets = [];
        InstructionReader reader = new(module.Bytes.Span, module.BodyOf(0));
        while (reader.MoveNext())
        {
            offsets.Add(reader.Offset);
        }

        return offsets;
    }
}
