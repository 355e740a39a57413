using System.Globalization;
using Fvm.Ipld;
using Fvm.Wasm;
using Fvm.Wasm.Fuzz;
using NUnit.Framework;
using static Fvm.Tests.ActorText;

namespace Fvm.Tests;

/// <summary>The limits on call depth and on total memory.</summary>
[TestFixtureSource(typeof(Fvm.Wasm.WasmEngines), nameof(Fvm.Wasm.WasmEngines.Names))]
public sealed class LimitsTests(string engine)
{
    private const ulong Plenty = 9_000_000_000_000_000;
    private const int MaxDepth = 1_024;

    // Calls itself, with its 3-byte address as data, and returns the error of the call that fails.
    private static readonly string CallsItself =
        Send(3) + "i32.const 2000 i32.load if " + Return(Out, 4) + "return end " + "i32.const 2008 i32.load";

    [Test]
    public void Calls_nest_to_1024_and_the_stack_of_an_execution_thread_carries_them()
    {
        using TestRun run = new(engine);
        ActorId actor = Recursive(run, CallsItself);
        ApplyRet ret = ExecutionThread.Run(() => run.Call(actor, Plenty));
        Assert.Multiple(() =>
        {
            Assert.That(ret.Receipt.ExitCode, Is.EqualTo(ExitCode.Ok), ret.Failure);
            Assert.That(BitConverter.ToUInt32(ret.Receipt.ReturnData.Span), Is.EqualTo((uint)ErrorNumber.LimitExceeded));
            Assert.That(ret.Trace.OfType<InvokeActorEvent>().Count(), Is.EqualTo(MaxDepth));
            Assert.That(ret.Trace.OfType<CallEvent>().Count(), Is.EqualTo(MaxDepth + 1));
            Assert.That(((CallErrorEvent)ret.Trace.OfType<CallErrorEvent>().Single()).Error, Is.EqualTo(ErrorNumber.LimitExceeded));
        });
    }

    // Stack use per nested call: the deepest message fits many times over.
    [Test]
    public void A_nested_call_takes_little_of_the_stack()
    {
        using TestRun run = new(engine);
        ActorId actor = Recursive(run, CallsItself);
        ApplyRet ret = default!;
        const int Stack = 24 << 20;
        Thread thread = new(() => ret = run.Call(actor, Plenty), Stack);
        thread.Start();
        thread.Join();
        Assert.That(ret.Receipt.ExitCode, Is.EqualTo(ExitCode.Ok), ret.Failure);
        Assert.That(Stack * 8L, Is.LessThanOrEqualTo(ExecutionThread.StackBytes));
    }

    // Each of 1,024 actors recurses up to the limit of the Wasm stack before it calls the next.
    [Test]
    public void The_stack_of_an_execution_thread_carries_the_deepest_calls_of_the_deepest_functions()
    {
        using EnginePool pool = new(engine);
        int deepest = 0;
        for (int step = 2_048; step > 0; step /= 2)
        {
            using TestRun probe = new(engine, null, pool);
            ActorId once = probe.State.AddActor(Deep(deepest + step, "i32.const 0 drop", []), TokenAmount.Zero);
            deepest += probe.Call(once, Plenty).Receipt.ExitCode.IsSuccess ? step : 0;
        }

        Assert.That(deepest, Is.InRange(600, 2_048));
        using TestRun run = new(engine, null, pool);
        ActorId actor = Recursive(run, address => Deep(deepest - 40, Send(3), address));
        ApplyRet ret = ExecutionThread.Run(() => run.Call(actor, Plenty));
        Assert.That(ret.Receipt.ExitCode, Is.EqualTo(ExitCode.Ok), ret.Failure);
        Assert.That(ret.Trace.OfType<InvokeActorEvent>().Count(), Is.EqualTo(MaxDepth));
        Assert.That(ret.Trace.OfType<CallReturnEvent>(), Is.All.EqualTo(new CallReturnEvent(ExitCode.Ok, null)));
    }

    [Test]
    public void A_trap_or_want_of_gas_at_the_bottom_unwinds_all_calls()
    {
        using TestRun run = new(engine);
        ActorId traps = Recursive(run, Send(3) + "i32.const 2000 i32.load if unreachable end i32.const 0");
        ActorId loops = Recursive(run, Send(3) + "i32.const 2000 i32.load if loop br 0 end end i32.const 0");
        ApplyRet trapped = ExecutionThread.Run(() => run.Call(traps, Plenty));
        ApplyRet looped = ExecutionThread.Run(() => run.Call(loops, 200_000_000));
        Assert.That(trapped.Receipt.ExitCode, Is.EqualTo(ExitCode.Ok), "only the lowest traps");
        Assert.That(looped.Receipt, Is.EqualTo(new Receipt { ExitCode = ExitCode.SysOutOfGas, GasUsed = 200_000_000 }));
        Assert.That(looped.Trace.OfType<CallEvent>().Count(), Is.EqualTo(looped.Trace.Count(static e => e is CallReturnEvent or CallErrorEvent)));
    }

    // 8,192 pages are 512 MiB, the maximum per instance, and a quarter of the total.
    [TestCase(8_192u, 4)]
    [TestCase(8_191u, 4)]
    [TestCase(6_553u, 5)]
    public void All_instances_of_a_message_together_have_2_GiB(uint pages, int fit)
    {
        using TestRun run = new(engine);
        ActorId actor = Recursive(run, CallsItself, pages);
        ApplyRet ret = ExecutionThread.Run(() => run.Call(actor, Plenty));

        // The call without memory left fails to create its instance, which determines its exit code.
        Assert.That(ret.Receipt.ExitCode, Is.EqualTo(ExitCode.Ok), ret.Failure);
        Assert.That(ret.Trace.OfType<InvokeActorEvent>().Count(), Is.EqualTo(fit + 1));
        Assert.That(
            ret.Trace.OfType<CallReturnEvent>().First(), Is.EqualTo(new CallReturnEvent(ExitCode.SysIllegalInstruction, null)));

        // Their memory is available again to the next message.
        Assert.That(ExecutionThread.Run(() => run.Call(actor, Plenty)).Receipt.ExitCode, Is.EqualTo(ExitCode.Ok));
    }

    [Test]
    public void Memory_of_a_call_that_ended_is_free_for_the_next_of_the_same_message()
    {
        using TestRun run = new(engine);
        ActorId large = run.State.AddActor(Module(ReturnNothing, pages: 8_192), TokenAmount.Zero);
        byte[] address = Address.NewId(large).ToBytes();
        string sends = string.Concat(Enumerable.Repeat(Send(address.Length), 6));
        ActorId caller = run.State.AddActor(Module(sends + ReturnOut(), address), TokenAmount.Zero);
        Assert.That(run.CallSending(caller, Plenty).ExitCode, Is.EqualTo(ExitCode.Ok));
    }

    [TestCase(8_191, 1, 1)]
    [TestCase(8_191, 2, -1)]
    [TestCase(1, 65_536, -1)]
    public void An_instance_grows_to_512_MiB_and_no_further(int first, int second, int expected)
    {
        using TestRun run = new(engine);
        string grow = string.Create(
            CultureInfo.InvariantCulture,
            $"i32.const {first - 1} memory.grow drop i32.const {Out} i32.const {second} memory.grow i32.const -1 i32.eq i32.store {ReturnOut(4)}");
        ActorId actor = run.State.AddActor(Module(grow), TokenAmount.Zero);
        ApplyRet ret = run.Call(actor, Plenty);
        Assert.That(ret.Receipt.ExitCode, Is.EqualTo(ExitCode.Ok), ret.Failure);
        Assert.That(BitConverter.ToUInt32(ret.Receipt.ReturnData.Span), Is.EqualTo(expected < 0 ? 1u : 0u));
    }

    private static ActorId Recursive(TestRun run, string code, uint pages = 1) => Recursive(run, address => Module(code, address, pages));

    private static ActorId Recursive(TestRun run, Func<byte[], byte[]> build)
    {
        // The address of the next actor is known before it exists.
        ActorId id = new(run.State.AddActor(Cid.Blake2b256(Multicodec.Raw, "nothing"u8), TokenAmount.Zero).Value + 1);
        byte[] address = Address.NewId(id).ToBytes();
        Assert.That(address, Has.Length.EqualTo(3));
        Assert.That(run.State.AddActor(build(address), TokenAmount.Zero), Is.EqualTo(id));
        return id;
    }

    /// <summary>An actor with a function that recurses to the given depth and then runs the code.</summary>
    private static byte[] Deep(int depth, string code, byte[] data)
    {
        ModuleBuilder module = new();
        code = Import(module, code);
        module.Memory(1).Export("memory", 0, ExternalKind.Memory).Data(Data, data);
        int counter = module.Global('i', true, (ulong)depth);
        int last = module.Function(string.Empty, string.Empty, string.Empty, code);
        int step = module.Function(string.Empty, "i", string.Empty, string.Create(
            CultureInfo.InvariantCulture, $"global.get {counter} i32.const 1 i32.sub global.set {counter} global.get {counter}"));

        // Frames with minimal accounted size, for a maximal number of them.
        int self = module.NextFunction;
        module.Function(string.Empty, string.Empty, string.Empty, string.Create(
            CultureInfo.InvariantCulture, $"call {step} if call {self} else call {last} end"));
        module.Export("invoke", module.Function("i", "i", string.Empty, string.Create(CultureInfo.InvariantCulture, $"call {self} i32.const 0")));
        return module.ToBytes();
    }
}
