using Fvm.Ipld;
using Fvm.Wasm;
using NUnit.Framework;
using static Fvm.Tests.ActorText;

namespace Fvm.Tests;

/// <summary>
/// Valid and invalid actor code, and all ways in which it can end, seen from a message. The machine remains usable after every message.
/// </summary>
[TestFixtureSource(typeof(Fvm.Wasm.WasmEngines), nameof(Fvm.Wasm.WasmEngines.Names))]
public sealed class InvocationTests(string engine)
{
    private const ulong Limit = 100_000_000;

    [Test]
    public void An_actor_that_returns_no_block_succeeds()
    {
        ApplyRet ret = Run(Module(ReturnNothing));
        Assert.That((ret.Receipt.ExitCode, ret.ReturnCodec, ret.Receipt.ReturnData.Length), Is.EqualTo((ExitCode.Ok, (ulong?)null, 0)));
    }

    [Test]
    public void An_actor_is_charged_for_memory_and_table_before_it_runs()
    {
        ApplyRet ret = Run(Module("i32.const 0", pages: 3, more: static module => module.Table(5).Export("table", 0, ExternalKind.Table)));
        PriceList p = NetworkRules.For(NetworkVersion.Nv28).Prices;
        GasCharge[] charges = [.. ret.Trace.OfType<GasChargeEvent>().Select(static e => e.Charge)];
        Assert.That(charges.Select(static c => c.Name), Is.EqualTo(new[]
        {
            "OnChainMessage", "OnMethodInvocation", "wasm_table_init", "wasm_memory_init", "wasm_exec", "wasm_exec",
        }));
        Assert.That((charges[2].Total, charges[3].Total), Is.EqualTo((p.OfTable(5), p.OfMemory(3 * 65_536))));
    }

    [Test]
    public void An_actor_that_grows_its_memory_is_charged_under_that_name()
    {
        ApplyRet ret = Run(Module("i32.const 2 memory.grow drop i32.const 0"));
        PriceList p = NetworkRules.For(NetworkVersion.Nv28).Prices;
        GasCharge grown = ret.Trace.OfType<GasChargeEvent>().Select(static e => e.Charge).Single(static c => c.Name == "wasm_memory_grow");
        Assert.That((ret.Receipt.ExitCode, grown.Total), Is.EqualTo((ExitCode.Ok, p.OfMemory(2 * 65_536))));
    }

    [TestCase(16)]
    [TestCase(int.MaxValue)]
    [TestCase(-1)]
    public void An_actor_may_exit_with_a_code_of_its_own(int code) =>
        Assert.That(Run(Module(Exit(code) + ReturnNothing)).Receipt.ExitCode, Is.EqualTo(new ExitCode((uint)code)));

    [Test]
    public void An_actor_may_exit_with_success_and_a_block()
    {
        string code = $"i32.const 0 {Return(Data, 5)} i32.const 0 i32.const 0 call vm.exit drop unreachable";
        ApplyRet ret = Run(Module(code, "hello"u8.ToArray()));
        Assert.That((ret.Receipt.ExitCode, ret.Receipt.ReturnData.ToArray()), Is.EqualTo((ExitCode.Ok, "hello"u8.ToArray())));
    }

    [TestCase(1)]
    [TestCase(15)]
    public void An_actor_that_exits_with_a_code_of_the_system_s_has_an_illegal_exit_code(int code) =>
        Assert.That(Run(Module(Exit(code) + ReturnNothing)).Receipt.ExitCode, Is.EqualTo(ExitCode.SysIllegalExitCode));

    [TestCase(1)]
    [TestCase(-1)]
    public void An_actor_that_returns_a_block_that_does_not_exist_has_a_missing_return(int block) =>
        Assert.That(Run(Module($"i32.const {block}")).Receipt.ExitCode, Is.EqualTo(ExitCode.SysMissingReturn));

    [TestCase(0)]
    [TestCase(16)]
    [TestCase(3)]
    public void An_actor_that_exits_with_a_block_that_does_not_exist_is_fatal(int code) => IsFatal(Module(Exit(code, block: 7) + ReturnNothing));

    [TestCase("unreachable")]
    [TestCase("i32.const 1 i32.const 0 i32.div_u")]
    [TestCase("i32.const -2147483648 i32.const -1 i32.div_s")]
    [TestCase("i32.const 65533 i32.load")]
    [TestCase("i32.const -1 i32.load")]
    [TestCase("f64.const 1e30 i32.trunc_f64_s")]
    public void A_trap_is_an_illegal_instruction(string code)
    {
        ApplyRet ret = Run(Module(code));
        Assert.That((ret.Receipt.ExitCode, ret.Receipt.ReturnData.Length), Is.EqualTo((ExitCode.SysIllegalInstruction, 0)));
        Assert.That(ret.Receipt.GasUsed, Is.LessThan(Limit));
    }

    [Test]
    public void A_Wasm_stack_that_is_too_high_is_an_illegal_instruction()
    {
        byte[] module = Module("local.get 0 call 0");
        Assert.That(Run(module).Receipt.ExitCode, Is.EqualTo(ExitCode.SysIllegalInstruction));
    }

    [Test]
    public void An_actor_that_never_ends_runs_out_of_gas()
    {
        ApplyRet ret = Run(Module(LoopForever));
        Assert.That(ret.Receipt, Is.EqualTo(new Receipt { ExitCode = ExitCode.SysOutOfGas, GasUsed = Limit }));
    }

    [Test]
    public void A_start_function_runs_before_the_entry_point_and_is_charged()
    {
        byte[] module = Module(
            "global.get 0",
            more: static module =>
            {
                module.Global('i', true, 0);
                module.Start(module.Function(string.Empty, string.Empty, string.Empty, "i32.const 7 global.set 0"));
            });

        // The return value was set by the start function: an id without a block.
        ApplyRet ret = Run(module);
        Assert.That(ret.Receipt.ExitCode, Is.EqualTo(ExitCode.SysMissingReturn));
        GasCharge[] exec = [.. ret.Trace.OfType<GasChargeEvent>().Select(static e => e.Charge).Where(static c => c.Name == "wasm_exec")];
        Assert.That(exec, Has.Length.EqualTo(2));
        Assert.That(exec[0].Total + exec[1].Total, Is.GreaterThan(Gas.Zero));
    }

    [TestCase("unreachable")]
    [TestCase("i32.const 1 i32.const 0 i32.div_u drop")]
    public void A_start_function_that_traps_is_an_illegal_instruction(string code) => Assert.That(
        Run(WithStart(code)).Receipt.ExitCode, Is.EqualTo(ExitCode.SysIllegalInstruction));

    [Test]
    public void A_start_function_that_never_ends_runs_out_of_gas() =>
        Assert.That(Run(WithStart("loop br 0 end")).Receipt.ExitCode, Is.EqualTo(ExitCode.SysOutOfGas));

    [TestCase("i32.const 0 call gas.available drop ")]
    [TestCase("i32.const 16 i32.const 0 i32.const 0 i32.const 0 call vm.exit drop ")]
    [TestCase("i32.const 0 i32.const 0 call debug.log drop ")]
    public void A_start_function_that_makes_a_syscall_is_fatal(string code)
    {
        Fvm.Wasm.Fuzz.ModuleBuilder module = new();
        code = Import(module, code);
        module.Memory(1).Export("memory", 0, ExternalKind.Memory);
        module.Export("invoke", module.Function("i", "i", string.Empty, "i32.const 0"));
        module.Start(module.Function(string.Empty, string.Empty, string.Empty, code));
        IsFatal(module.ToBytes());
    }

    [TestCase(0)]
    [TestCase(65_536)]
    public void A_data_segment_past_the_end_of_memory_is_an_illegal_instruction(int pastEnd)
    {
        byte[] module = Module(ReturnNothing, more: module => module.Data(65_535 + (pastEnd > 0 ? 0 : 1), [1, 2]));
        Assert.That(Run(module).Receipt.ExitCode, Is.EqualTo(ExitCode.SysIllegalInstruction));
    }

    [Test]
    public void Code_without_an_entry_point_is_an_invalid_receiver()
    {
        Fvm.Wasm.Fuzz.ModuleBuilder module = new();
        module.Memory(1).Export("memory", 0, ExternalKind.Memory);
        module.Export("other", module.Function("i", "i", string.Empty, "i32.const 0"));
        Assert.That(Run(module.ToBytes()).Receipt.ExitCode, Is.EqualTo(ExitCode.SysInvalidReceiver));
    }

    [TestCase("", "i")]
    [TestCase("i", "")]
    [TestCase("I", "i")]
    [TestCase("ii", "i")]
    public void Code_with_an_entry_point_of_another_type_is_fatal(string parameters, string results)
    {
        Fvm.Wasm.Fuzz.ModuleBuilder module = new();
        module.Memory(1).Export("memory", 0, ExternalKind.Memory);
        module.Export("invoke", module.Function(parameters, results, string.Empty, results.Length > 0 ? "i32.const 0" : "nop"));
        IsFatal(module.ToBytes());
    }

    [Test]
    public void Code_whose_entry_point_is_a_syscall_itself_is_called_with_the_parameters_handle()
    {
        // self_destruct(0): the receiver has funds, so it returns an error number, which is taken for a block id.
        Fvm.Wasm.Fuzz.ModuleBuilder module = new();
        int imported = module.Import("self", "self_destruct", "i", "i");
        module.Memory(1).Export("memory", 0, ExternalKind.Memory).Export("invoke", imported);
        ApplyRet ret = Run(module.ToBytes());
        Assert.That(ret.Receipt.ExitCode, Is.EqualTo(ExitCode.SysMissingReturn));
        Assert.That(TestRun.ChargeNamesOf(ret), Has.Member("OnDeleteActor"));
    }

    [Test]
    public void Code_without_exported_memory_is_fatal()
    {
        Fvm.Wasm.Fuzz.ModuleBuilder module = new();
        module.Memory(1).Export("invoke", module.Function("i", "i", string.Empty, "i32.const 0"));
        IsFatal(module.ToBytes());
    }

    [Test]
    public void Code_that_is_missing_is_fatal()
    {
        using TestRun run = new(engine);
        ActorId actor = run.State.AddActor(Cid.Blake2b256(Multicodec.Raw, "no such code"u8), TokenAmount.Zero);
        IsFatal(run, actor);
    }

    [TestCase("")]
    [TestCase("0061736d")]
    [TestCase("0061736d01000000ff")]
    [TestCase("6e6f207761736d")]
    public void Code_that_is_no_module_is_fatal(string hex) => IsFatal(Convert.FromHexString(hex));

    [Test]
    public void Code_that_does_not_validate_is_fatal() => IsFatal(Module("i64.const 0"));

    [TestCase("self", "root", "i", "i")]
    [TestCase("self", "root", "iii", "I")]
    [TestCase("self", "no_such", "iii", "i")]
    [TestCase("other", "root", "iii", "i")]
    [TestCase("env", "memory", "", "")]
    public void Code_with_an_import_that_is_not_a_syscall_is_fatal(string module, string name, string parameters, string results)
    {
        Fvm.Wasm.Fuzz.ModuleBuilder builder = new();
        builder.Import(module, name, parameters, results);
        builder.Memory(1).Export("memory", 0, ExternalKind.Memory);
        builder.Export("invoke", builder.Function("i", "i", string.Empty, "i32.const 0"));
        ApplyRet ret = IsFatal(builder.ToBytes());
        Assert.That(TestRun.ChargeNamesOf(ret), Has.Member("wasm_memory_init"), "the initial memory is charged before imports are linked");
    }

    [Test]
    public void Code_that_imports_a_memory_is_fatal()
    {
        // (module (import "env" "memory" (memory 1)) (export "memory" (memory 0)) (func (param i32) (result i32) i32.const 0) (export "invoke"))
        IsFatal(Convert.FromHexString(
            "0061736d01000000" + "01060160017f017f" + "020f0103656e76066d656d6f7279020001" + "03020100"
            + "071302066d656d6f7279020006696e766f6b650000" + "0a0601040041000b"));
    }

    [Test]
    public void Redirected_code_runs_in_place_of_the_actor_s_own()
    {
        TestState state = new();
        ActorId actor = state.AddActor(Module("unreachable"), TokenAmount.Zero);
        Cid from = state.Tree.GetActor(actor)!.Code;
        Cid to = state.Put(Multicodec.Raw, Module(Exit(44) + ReturnNothing));
        using TestRun run = new(engine, state)
        {
            Context = context => context with
            {
                Network = context.Network with { ActorRedirects = new Dictionary<Cid, Cid> { [from] = to } },
            },
        };
        Assert.That(run.Call(actor).Receipt.ExitCode, Is.EqualTo(new ExitCode(44)));
    }

    [Test]
    public void Parameters_arrive_as_a_block_of_plain_cbor()
    {
        using TestRun run = new(engine);
        ActorId actor = run.State.AddActor(
            Module($"i32.const {Out} local.get 0 call ipld.block_stat drop {ReturnOut(12)}"), TokenAmount.Zero);
        byte[] stat = run.Call(actor, parameters: [1, 2, 3]).Receipt.ReturnData.ToArray();
        Assert.That((BitConverter.ToUInt64(stat), BitConverter.ToUInt32(stat, 8)), Is.EqualTo((Multicodec.Cbor, 3u)));
        Assert.That(run.Call(actor).Receipt.ReturnData.ToArray(), Is.All.Zero, "without parameters there is no block");
    }

    // An engine may reuse the memory of an instance: its old content must not be visible.
    [Test]
    public void Memory_and_globals_are_new_in_each_call_however_the_last_one_ended()
    {
        string look = $"""
            i32.const {Out} global.get 0 i32.store
            i32.const {Out + 4} i32.const 60000 i32.load i32.store
            i32.const {Out + 8} memory.size i32.store
            i32.const {Out + 12} i32.const {Data} i32.load i32.store

            """;
        string leave = $"""
            i32.const 7 global.set 0 i32.const 60000 i32.const 9 i32.store i32.const {Data} i32.const 9 i32.store
            i32.const 1 memory.grow drop i32.const 65540 i32.const 9 i32.store

            """;
        static void Globals(Fvm.Wasm.Fuzz.ModuleBuilder module) => module.Global('i', true, 5);
        using TestRun run = new(engine);
        byte[] data = [1, 0, 0, 0];
        ActorId returns = run.State.AddActor(Module(look + leave + ReturnOut(16), data, more: Globals), TokenAmount.Zero);
        ActorId traps = run.State.AddActor(Module(leave + "unreachable", data, more: Globals), TokenAmount.Zero);
        ActorId exits = run.State.AddActor(Module(leave + Exit(16) + ReturnNothing, data, more: Globals), TokenAmount.Zero);
        ActorId loops = run.State.AddActor(Module(leave + LoopForever, data, more: Globals), TokenAmount.Zero);
        foreach (ActorId before in (ActorId[])[returns, traps, returns, exits, loops])
        {
            run.Call(before, 20_000_000);
            byte[] seen = run.Call(returns).Receipt.ReturnData.ToArray();
            Assert.That(
                Enumerable.Range(0, 4).Select(i => BitConverter.ToInt32(seen, 4 * i)), Is.EqualTo(new[] { 5, 0, 1, 1 }), $"after {before}");
        }
    }

    private static byte[] WithStart(string code) => Module(
        ReturnNothing, more: module => module.Start(module.Function(string.Empty, string.Empty, string.Empty, code)));

    private ApplyRet Run(byte[] module)
    {
        using TestRun run = new(engine);
        ActorId actor = run.State.AddActor(module, TokenAmount.FromAtto(1_000L));
        ApplyRet ret = run.Call(actor, Limit);
        GoesOn(run);
        return ret;
    }

    private ApplyRet IsFatal(byte[] module)
    {
        using TestRun run = new(engine);
        return IsFatal(run, run.State.AddActor(module, TokenAmount.FromAtto(1_000L)));
    }

    private static ApplyRet IsFatal(TestRun run, ActorId actor)
    {
        ApplyRet ret = run.Call(actor, Limit, TokenAmount.FromAtto(5L));
        Assert.That(ret.Receipt, Is.EqualTo(new Receipt { ExitCode = ExitCode.SysAssertionFailed, GasUsed = Limit }), ret.Failure);
        Assert.That(ret.Trace.OfType<CallErrorEvent>().Single().Error, Is.EqualTo(ErrorNumber.Forbidden));
        Assert.That(ret.BaseFeeBurn, Is.EqualTo(TestMachine.BaseFee * Limit));
        GoesOn(run);
        return ret;
    }

    private static void GoesOn(TestRun run)
    {
        Assert.That(run.Apply(run.Message(TestState.BlsKey, value: TokenAmount.FromAtto(1L))).Receipt.ExitCode, Is.EqualTo(ExitCode.Ok));
        Assert.That(() => run.Machine.Flush(), Throws.Nothing);
    }
}
