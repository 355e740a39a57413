using System.Globalization;
using Fvm.Wasm.Fuzz;
using NUnit.Framework;

namespace Fvm.Wasm.Tests;

/// <summary>Which locals share registers. Local 0 is a parameter.</summary>
public sealed class LocalRegistersTests
{
    private const int Locals = 40;
    private const string Again = "local.get 0 br_if 0 end ";

    [Test]
    public void Locals_that_live_one_after_the_other_share_a_register()
    {
        FrameLayout frame = Lay(Each(1, 20, static local => $"i64.const 1 local.set {local} local.get {local} local.get {local} drop drop "));
        Assert.That(Registers(frame, 1, 20), Is.All.EqualTo(Register.Rbx));
        Assert.That(Enumerable.Range(1, 20).Select(frame.HomeOf), Is.All.EqualTo(1));
        Assert.That((frame.SavedCount, frame.PlaceCount, frame.UsesVolatile), Is.EqualTo((1, 0, false)));
    }

    [Test]
    public void Locals_that_live_at_the_same_time_share_none()
    {
        FrameLayout frame = Lay(Each(1, 20, static local => $"i64.const 1 local.set {local} ") + Each(1, 20, static local => $"local.get {local} local.get {local} drop drop "));
        Assert.That(Registers(frame, 1, 7), Is.EqualTo(CallingConvention.Locals.ToArray()));
        Assert.That(Registers(frame, 8, 13), Is.All.EqualTo(Register.None));
        Assert.That(Enumerable.Range(1, 20).Select(frame.HomeOf), Is.EqualTo(Enumerable.Range(1, 20)));
    }

    [TestCase("", true)]
    [TestCase("call 0 ", false)]
    public void One_more_local_of_a_loop_has_a_register_unless_a_call_changes_it(string call, bool expected)
    {
        string body = Each(1, 8, static local => $"i64.const 1 local.set {local} ") + call + Each(1, 8, static local => $"local.get {local} drop ");
        FrameLayout frame = Lay($"loop {body} {Again}");
        Assert.That((frame.SavedCount, frame.UsesVolatile), Is.EqualTo((CallingConvention.Locals.Length, expected)));
        Assert.That(Registers(frame, 1, 8).Count(static register => register == CallingConvention.Volatile), Is.EqualTo(expected ? 1 : 0));
    }

    [Test]
    public void The_most_used_locals_come_first()
    {
        string many = Each(1, 7, static local => $"i64.const 1 local.set {local} ");
        string used = Each(11, 7, static local => $"i64.const 1 local.set {local} ");
        used += Each(11, 7, static local => $"local.get {local} local.get {local} drop drop ");
        FrameLayout frame = Lay(many + used + Each(1, 7, static local => $"local.get {local} drop "));
        Assert.That(Registers(frame, 11, 7), Is.EqualTo(CallingConvention.Locals.ToArray()));
        Assert.That(Registers(frame, 1, 7), Is.All.EqualTo(Register.None));
    }

    [Test]
    public void Values_in_shared_registers_are_right_across_calls_and_loops([Range(7, 13)] int calls, [Range(7, 9)] int distance)
    {
        if (!CompilerEngine.IsSupported)
        {
            Assert.Ignore("machine code cannot be made here");
        }

        // Each value is read once, some sets later, and partly waits on the operand stack for a call, which changes all temporary registers.
        string body = "";
        for (int i = 0; i < 30; i++)
        {
            string call = i % calls == 4 ? "i64.const 5 call 0 i64.xor " : "";
            body += string.Create(CultureInfo.InvariantCulture, $"local.get {1 + i} {call}local.get 0 i64.add i64.const {i} i64.mul local.set {1 + ((i + distance) % 30)} ");
        }

        ModuleBuilder builder = new();
        string registers = string.Concat(Enumerable.Range(1, 5).Select(static i => $"local.get 0 i64.const {i} i64.mul "));
        builder.Function("I", "I", "", registers + "i64.add i64.add i64.add i64.add");
        builder.Function("I", "I", "I30", $"loop {body} local.get 0 i64.const 1 i64.sub local.tee 0 i64.eqz i32.eqz br_if 0 end {Sum(1, 30)}");
        byte[] wasm = builder.ToBytes();
        using CompilerEngine compiler = new();
        using InterpreterEngine interpreter = new();
        Assert.That(Run(compiler, wasm), Is.EqualTo(Run(interpreter, wasm)));
    }

    private static unsafe ulong Run(IWasmEngine engine, byte[] wasm)
    {
        using IWasmCode code = engine.Load(wasm, ModuleRunner.Limits, ModuleRunner.Rules);
        using FuzzHost host = new();
        using IWasmInstance instance = code.Link(FuzzHost.Table, out _)!.Instantiate(host, out _)!;
        instance.Context->HostState = host.Handle;
        instance.Context->GasLeft = long.MaxValue / 2;
        ulong[] slots = [9];
        Assert.That(instance.Call(1, slots), Is.EqualTo(TrapCode.None));
        return slots[0];
    }

    private static string Sum(int first, int count) => "i64.const 0 " + Each(first, count, static local => $"local.get {local} i64.add i64.const 3 i64.rotl ");

    private static string Each(int first, int count, Func<int, string> code) => string.Concat(Enumerable.Range(first, count).Select(code));

    private static Register[] Registers(FrameLayout frame, int first, int count) => [.. Enumerable.Range(first, count).Select(frame.RegisterOf)];

    private static FrameLayout Lay(string code)
    {
        ModuleBuilder builder = new();
        builder.Function("", "", "", "");
        builder.Function("i", "", $"I{Locals}", code);
        WasmModule module = ModuleValidator.Decode(builder.ToBytes(), ModuleRunner.Limits);
        LocalUses uses = new();
        uses.Count(module, module.BodyOf(1), 1, Locals + 1);
        FrameLayout frame = new();
        frame.Reset(1, Locals + 1);
        frame.AssignRegisters(uses);
        frame.AssignPlaces(uses);
        return frame;
    }
}
