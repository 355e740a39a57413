using Fvm.Wasm.Fuzz;
using NUnit.Framework;

namespace Fvm.Wasm.Tests;

/// <summary>Bounds checks that serve later loads too: what they cover, and that no trap comes earlier than it may.</summary>
public sealed unsafe class RegionLoadsTests
{
    private const int Memory = 1 << 16;
    private const int Far = 100;
    private const string Near = "local.get 0 i64.load8_u drop ";
    private const string Later = "local.get 0 i64.load 100 drop ";
    private const string Both = "108,0";
    private const string Each = "1,108";
    private const string Unused = "108,0,0";

    public static IEnumerable<TestCaseData> Rows =>
        Opcodes.All.Where(row => row.Family != OpcodeFamily.Reference).Select(row => new TestCaseData(row).SetArgDisplayNames(row.Name));

    // Locals: 0 and 1 addresses, 2 an i64, 3 an f64.
    [TestCase("", Both, TestName = "Nothing")]
    [TestCase("nop ", Each, TestName = "Control flow, even if it goes on")]
    [TestCase("local.get 2 i64.const 3 i64.mul local.set 2 ", Both, TestName = "Arithmetic and another local")]
    [TestCase("global.get 0 drop memory.size drop ", Both, TestName = "Reads of a global and of a size")]
    [TestCase("local.get 1 i64.load 7 drop ", "108,15,0", TestName = "A load by another local")]
    [TestCase("i32.const 60000 i64.load 60000 drop ", Unused, TestName = "A load by another address")]
    [TestCase("local.get 0 i64.load 2147483640 drop ", Unused, TestName = "A load further away than a check reaches")]
    [TestCase("local.get 3 i64.trunc_sat_f64_s drop ", Both, TestName = "A truncation that saturates")]
    [TestCase("local.get 3 i64.trunc_f64_s drop ", Each, TestName = "A truncation that may trap")]
    [TestCase("local.get 2 i64.const 3 i64.div_u drop ", Each, TestName = "A division")]
    [TestCase("local.get 2 global.set 0 ", Each, TestName = "A global is set")]
    [TestCase("local.get 1 local.get 2 i64.store ", Each, TestName = "A store")]
    [TestCase("i32.const 5 local.set 0 ", Each, TestName = "The address is set")]
    [TestCase("local.get 1 local.tee 0 drop ", Each, TestName = "The address is teed")]
    [TestCase("local.get 0 local.set 0 ", Each, TestName = "The address is set to itself")]
    [TestCase("i32.const 0 memory.grow drop ", Each, TestName = "Memory grows")]
    [TestCase("call 0 ", Each, TestName = "A call")]
    [TestCase("block ", Each, "end ", TestName = "A block begins")]
    [TestCase("i64.const 0 local.get 1 br_if 0 drop ", Each, TestName = "A branch")]
    public void One_check_serves_the_loads_between_which_nothing_else_may_happen(string between, string extents, string end = "")
    {
        Assert.That(Extents(Near + between + Later + end), Is.EqualTo(extents));
        Agree(Near + between + Later + end + "i64.const 0", "iiIF");
    }

    [TestCase("local.get 1 local.tee 0 i64.load8_u drop " + Later, Both, TestName = "From a tee on")]
    [TestCase("local.get 0 i64.load 100 drop local.get 0 i64.load 50 drop ", Both, TestName = "The furthest first")]
    [TestCase("local.get 0 i32.const 0 i32.add i64.load8_u drop " + Later, "0,108", TestName = "The first by another address")]
    [TestCase("local.get 0 local.set 1 i64.const 0 i32.wrap_i64 i64.load8_u drop " + Later, "0,108", TestName = "The local was pushed before")]
    [TestCase(Near + "local.get 0 i64.load 2147483639 drop ", "2147483647,0", TestName = "As far as a check reaches")]
    [TestCase(Near + "i64.const 0 local.get 1 br_if 0 drop local.get 0 i32.load 4 drop " + Later, "1,108,0", TestName = "Checked in part before")]
    public void A_check_reaches_to_the_furthest_load_by_its_local(string code, string extents)
    {
        Assert.That(Extents(code), Is.EqualTo(extents));
        Agree(code + "i64.const 0", "iiIF");
    }

    /// <summary>The second load leaves the memory: whatever the instruction before it does, and wherever it traps, comes first.</summary>
    [TestCaseSource(nameof(Rows))]
    public void What_an_instruction_between_two_loads_does_comes_before_the_second(OpcodeInfo row)
    {
        string code = OpcodesTests.CodeOf(row, out string letters);
        string parameters = letters.Replace('r', 'i') + "Ii";
        string address = $"local.get {letters.Length + 1} ";
        bool pushes = row.Pushes.Length > 0 && row.Pushes != "r";
        Agree($"{address}i64.load8_u {code} {(pushes ? "drop" : "")} {address}i64.load {Far} i64.add", parameters);
    }

    [Test]
    public void Nothing_is_left_of_the_function_before()
    {
        LocalUses uses = new();
        Assert.That(Extents(Near, uses), Is.EqualTo("1"));
        Assert.That(Extents(Later, uses), Is.EqualTo("108"));
        Assert.That(Extents("local.get 1 drop ", uses), Is.Empty);
        Assert.That(Extents(Near + Later, uses), Is.EqualTo(Both));
    }

    /// <summary>Of each load, what a check there covers, or 0.</summary>
    private static string Extents(string code, LocalUses? uses = null)
    {
        WasmModule module = ModuleValidator.Decode(Module(code + "i64.const 0", "iiIF"), ModuleRunner.Limits);
        uses ??= new LocalUses();
        uses.Count(module, module.BodyOf(1), 4, 4);
        List<ulong> extents = [];
        InstructionReader reader = new(module.Bytes.Span, module.BodyOf(1));
        while (reader.MoveNext())
        {
            if (reader.Traits.Family == OpcodeFamily.Load)
            {
                extents.Add(uses.Loads.ExtentAt(reader.Offset));
            }
        }

        return string.Join(',', extents);
    }

    /// <summary>Both engines end alike: by the trap, the result, the gas, and what remains of memory and globals.</summary>
    private static void Agree(string code, string parameters)
    {
        if (!CompilerEngine.IsSupported)
        {
            Assert.Ignore("machine code cannot be made here");
        }

        byte[] wasm = Module(code, parameters);
        using CompilerEngine compiler = new();
        using InterpreterEngine interpreter = new();
        using IWasmCode compiled = compiler.Load(wasm, ModuleRunner.Limits, ModuleRunner.Rules);
        using IWasmCode interpreted = interpreter.Load(wasm, ModuleRunner.Limits, ModuleRunner.Rules);
        uint[] addresses = [0, Memory - Far - 8, Memory - Far - 7, Memory - 1, Memory, int.MaxValue, uint.MaxValue - Far - 7, uint.MaxValue];
        ulong[] operands = [0, 1, 7, 0xffff_ffff, 0x7ff8_0000_0000_0000];
        foreach (uint address in addresses)
        {
            foreach (ulong operand in operands)
            {
                // The address is the last parameter, and the first: the tests above differ in it.
                ulong[] arguments = [.. parameters.Select(letter => letter is 'I' or 'F' ? operand : (uint)operand)];
                arguments[^1] = parameters[^1] == 'i' ? address : operand;
                arguments[0] = parameters[0] == 'i' && parameters[^1] != 'i' ? address : arguments[0];
                Assert.That(Run(compiled, arguments), Is.EqualTo(Run(interpreted, arguments)), $"address {address}, operand {operand}");
            }
        }
    }

    private static byte[] Module(string code, string parameters)
    {
        ModuleBuilder builder = new();
        builder.Function("", "", "", "");
        builder.Function(parameters, "I", "", code);
        builder.Function("", "I", "", "global.get 0");
        builder.Global('I', mutable: true, 5);
        return builder.Memory(1, 3).Table(12).Elements(null, 1, 0, 0).Elements(0, 0, 0, 0).Data(null, 1, 2, 3).ToBytes();
    }

    private static string Run(IWasmCode code, ulong[] arguments)
    {
        using FuzzHost host = new();
        using IWasmInstance instance = code.Link(FuzzHost.Table, out _)!.Instantiate(host, out _)!;
        instance.Context->HostState = host.Handle;
        instance.Context->GasLeft = 1_000_000_000;
        Assert.That(instance.Initialize(), Is.EqualTo(TrapCode.None));
        ulong[] slots = [.. arguments];
        TrapCode trap = instance.Call(1, slots);
        Span<byte> memory = new(instance.Context->MemoryBase, (int)instance.Context->MemoryLength);
        HashCode hash = default;
        hash.AddBytes(memory);
        string end = $"{trap} {(trap == TrapCode.None ? slots[0] : 0)} {instance.Context->GasLeft} {memory.Length} {hash.ToHashCode()}";
        ulong[] global = new ulong[1];
        instance.Context->GasLeft = 1_000_000_000;
        Assert.That(instance.Call(2, global), Is.EqualTo(TrapCode.None));
        return $"{end} {global[0]}";
    }
}
