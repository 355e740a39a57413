using Fvm.Wasm.Fuzz;
using NUnit.Framework;

namespace Fvm.Wasm.Tests;

/// <summary>
/// Each row of the opcode table goes through every component that must handle it; a new opcode fails here for each one that lacks it.
/// </summary>
public sealed unsafe class OpcodesTests
{
    private const long Gas = 1_000_000;

    // A distinct price per class, so that a row in the wrong class is detected.
    private static readonly MeteringRules Rules = new()
    {
        InstructionDefault = 1,
        MathDefault = 2,
        JumpUnconditional = 4,
        JumpConditional = 8,
        JumpIndirect = 16,
        Call = 32,
        MemoryFillBase = 64,
        MemoryAccess = 128,
        MemoryFillPerByte = 256,
        MemoryCopyPerByte = 512,
        MaxStackHeight = 2048,
    };

    // Instructions that are meaningful only in context.
    private static readonly Dictionary<Opcode, string> Examples = new()
    {
        [Opcode.Unreachable] = "unreachable",
        [Opcode.Nop] = "nop",
        [Opcode.Block] = "block nop end",
        [Opcode.Loop] = "loop nop end",
        [Opcode.If] = "local.get 0 if nop end",
        [Opcode.Else] = "local.get 0 if nop else nop end",
        [Opcode.End] = "block end",
        [Opcode.Br] = "block br 0 end",
        [Opcode.BrIf] = "block local.get 0 br_if 0 i32.const 1 drop end",
        [Opcode.BrTable] = "block block local.get 0 br_table 0 1 end end",
        [Opcode.Return] = "return",
        [Opcode.Call] = "call 0",
        [Opcode.CallIndirect] = "local.get 0 call_indirect 0",
    };

    private static readonly ulong[][] Arguments = [[0, 0, 0], [1, 1, 1], [7, 3, 2], [0xffff_fff0, 0xffff_ffff, 5], [1, 40, 8]];

    public static IEnumerable<TestCaseData> Rows => Opcodes.All.Select(row => new TestCaseData(row).SetArgDisplayNames(row.Name));

    [Test]
    public void Every_instruction_has_its_row()
    {
        Assert.That(Opcodes.All.Select(row => row.Opcode), Is.EqualTo(Enum.GetValues<Opcode>()));
        Assert.That(Opcodes.All.Select(row => row.Name), Is.Unique);
        Assert.That(Opcodes.All.Select(row => Opcodes.IndexOf(row.Opcode)), Is.Unique);
        Assert.That(Opcodes.All.Select(row => Opcodes.Find(row.Opcode)), Is.EqualTo(Opcodes.All));
        Assert.That(Opcodes.Find((Opcode)0xffff), Is.Null);
        Assert.That(Opcodes.Find((Opcode)0x0101), Is.Null, "no alias of another instruction");
    }

    [TestCaseSource(nameof(Rows))]
    public void The_columns_agree_with_each_other(OpcodeInfo row)
    {
        bool isNumeric = row.Family >= OpcodeFamily.IntegerTest;
        bool isAccess = row.Family is OpcodeFamily.Load or OpcodeFamily.Store;
        string operands = row.Family is OpcodeFamily.Constant ? row.Pushes : row.Pops;
        Assert.That(row.Family, Is.Not.EqualTo(OpcodeFamily.Unknown));
        Assert.That(row.Immediates, Is.Not.EqualTo(ImmediateKind.Unknown));
        Assert.That(row.Immediates == ImmediateKind.Memory, Is.EqualTo(isAccess));
        Assert.That(row.Width != 0, Is.EqualTo(isNumeric || isAccess || row.Family == OpcodeFamily.Constant));
        Assert.That(row.Flags.HasFlag(OpcodeFlags.Signed), Is.EqualTo(row.Name.EndsWith("_s", StringComparison.Ordinal)));
        Assert.That(row.Flags.HasFlag(OpcodeFlags.Saturates), Is.EqualTo(row.Name.Contains("sat", StringComparison.Ordinal)));
        Assert.That(row.Flags.HasFlag(OpcodeFlags.NeedsRuntime), Is.Not.True.Or.EqualTo(row.Family is OpcodeFamily.Memory or OpcodeFamily.Table));
        Assert.That(row.Pops, Has.Length.AtMost(3));
        Assert.That(row.Pushes, Has.Length.AtMost(1));
        if (isNumeric)
        {
            Assert.That(row.Pops, Has.Length.EqualTo(row.Family is OpcodeFamily.IntegerBinary or OpcodeFamily.FloatBinary
                or OpcodeFamily.IntegerComparison or OpcodeFamily.FloatComparison ? 2 : 1));
            Assert.That(row.Pushes, Has.Length.EqualTo(1));
            Assert.That(row.Reads | row.Writes, Is.EqualTo(OpcodeState.None));
        }

        if (isNumeric || row.Family is OpcodeFamily.Constant)
        {
            Assert.That(operands, Has.All.Matches<char>(letter => letter is 'i' or 'f' ? row.Width == 32 : row.Width == 64));
        }

        OpcodeState state = row.Family switch
        {
            OpcodeFamily.Local => OpcodeState.Local,
            OpcodeFamily.Global => OpcodeState.Global,
            OpcodeFamily.Load or OpcodeFamily.Store => OpcodeState.Memory,
            _ => row.Reads | row.Writes,
        };
        Assert.That(row.Reads | row.Writes, Is.EqualTo(state));
        Assert.That(row.Family is OpcodeFamily.Memory or OpcodeFamily.Table && state == OpcodeState.None, Is.False);
    }

    [TestCaseSource(nameof(Rows))]
    public void Every_instruction_goes_through_decoder_validator_metering_and_both_engines(OpcodeInfo row)
    {
        byte[] wasm = Program(row);
        if (row.Family == OpcodeFamily.Reference)
        {
            Assert.That(() => ModuleValidator.Decode(wasm, ModuleRunner.Limits), Throws.TypeOf<InvalidModuleException>());
            return;
        }

        WasmModule module = ModuleValidator.Decode(wasm, ModuleRunner.Limits);
        Assert.That(OpcodesOf(module, 1), Has.Member(row.Opcode));
        _ = ModuleMetering.Analyze(module, Rules).FrameBytes(1);

        using InterpreterEngine interpreter = new();
        List<string> expected = [.. Arguments.Select(arguments => Run(interpreter, wasm, row, arguments))];
        bool traps = row.Opcode == Opcode.Unreachable;
        Assert.That(expected, traps ? Has.All.StartsWith("Unreachable") : Has.None.StartsWith("Unreachable"), "the interpreter has no such operation");
        Assert.That(expected, traps ? Has.All.Not.Empty : Has.Some.StartsWith("None"), "no arguments of this test fit");
        if (CompilerEngine.IsSupported)
        {
            using CompilerEngine compiler = new();
            Assert.That(Arguments.Select(arguments => Run(compiler, wasm, row, arguments)), Is.EqualTo(expected));
        }
    }

    /// <summary>The interpreter dispatches on these opcodes directly.</summary>
    [Test]
    public void Operations_of_the_interpreter_have_the_names_and_numbers_of_their_instructions()
    {
        IEnumerable<OpcodeInfo> rows = Opcodes.All.Where(row =>
            row.Family is OpcodeFamily.Load or OpcodeFamily.Store or (>= OpcodeFamily.IntegerTest and not OpcodeFamily.Reinterpretation));
        foreach (OpcodeInfo row in rows)
        {
            IrOp op = row.Flags.HasFlag(OpcodeFlags.Saturates) ? IrOp.I32TruncSatF32S + (ushort)(row.Opcode - Opcode.I32TruncSatF32S) : (IrOp)row.Opcode;
            Assert.That(op.ToString(), Is.EqualTo(row.Opcode.ToString()));
        }

        foreach (OpcodeInfo row in Opcodes.All.Where(row => row.Family is OpcodeFamily.Memory or OpcodeFamily.Table && row.Pops.Length == 3))
        {
            Assert.That((IrOp.MemoryInit + (ushort)(row.Opcode - Opcode.MemoryInit)).ToString(), Is.EqualTo(row.Opcode.ToString()));
        }
    }

    /// <summary>A module whose function 1 applies the instruction to its parameters; other indices are 0.</summary>
    private static byte[] Program(OpcodeInfo row)
    {
        string letters = row.Family == OpcodeFamily.Control ? "i" : row.Pops.Replace('*', 'I');
        string result = row.Pushes == "r" ? "" : row.Pushes.Replace('*', 'I');
        string code;
        if (row.Family == OpcodeFamily.Control)
        {
            Assert.That(Examples, Contains.Key(row.Opcode), "add an example of the instruction among others");
            code = Examples[row.Opcode];
        }
        else
        {
            string operands = string.Concat(letters.Select((letter, i) => letter == 'r' ? "i32.const 0 table.get 0 " : $"local.get {i} "));
            string place = row.Pushes == "r" ? "i32.const 3 " : "";
            code = $"{place}{operands}{row.Name} {NumbersOf(row, letters.Length)} {(row.Pushes == "r" ? "table.set 0" : "")}";
        }

        ModuleBuilder builder = new();
        _ = builder.Function("", "", "", "");
        _ = builder.Function(letters.Replace('r', 'i'), result, "I1", code);
        _ = builder.Global('I', mutable: true, 5);
        byte[] data = [1, 2, 0x80, 0xff, 5, 6, 7, 0xf8, 9, 10];
        return builder.Memory(1, 3).Table(12).Elements(null, 1, 0, 1, 0, 0, 1, 1, 0, 0, 1).Elements(0, 0, 0, 0, 0, 0, 0, 0, 0)
            .Data(null, data).Data(0, data).ToBytes();
    }

    private static string NumbersOf(OpcodeInfo row, int parameters) => row.Immediates switch
    {
        ImmediateKind.Index => row.Family == OpcodeFamily.Local ? $"{parameters}" : "0",
        ImmediateKind.I32 or ImmediateKind.I64 => "-5",
        ImmediateKind.F32 or ImmediateKind.F64 => "1.5",
        ImmediateKind.TwoIndices or ImmediateKind.DataSegment => "0",
        _ => "",
    };

    private static List<Opcode> OpcodesOf(WasmModule module, int function)
    {
        List<Opcode> found = [];
        InstructionReader reader = new(module.Bytes.Span, module.BodyOf(function));
        while (reader.MoveNext())
        {
            found.Add(reader.Opcode);
        }

        return found;
    }

    /// <summary>The trap, the result, the gas used and the memory.</summary>
    private static string Run(IWasmEngine engine, byte[] wasm, OpcodeInfo row, ulong[] arguments)
    {
        using FuzzHost host = new();
        using IWasmCode code = engine.Load(wasm, ModuleRunner.Limits, Rules);
        using IWasmInstance instance = code.Link(FuzzHost.Table, out _)!.Instantiate(host, out _)!;
        instance.Context->GasLeft = Gas;
        Assert.That(instance.Initialize(), Is.EqualTo(TrapCode.None));
        ulong[] slots = [.. arguments];
        TrapCode trap = instance.Call(1, slots);
        long used = Gas - instance.Context->GasLeft;
        string memory = Convert.ToHexString(new ReadOnlySpan<byte>(instance.Context->MemoryBase, 64));
        ulong result = trap == TrapCode.None && row.Pushes is not ("" or "r") ? slots[0] : 0;
        return $"{trap} {result:x} {used} {instance.Context->MemoryLength} {memory}";
    }
}
