using System.Globalization;
using BenchmarkDotNet.Attributes;
using Fvm.Tests;

namespace Fvm.Bench;

/// <summary>
/// Single syscalls from compiled Wasm: one message of an actor makes a thousand of them, which amortises the cost of the message.
/// </summary>
public class SyscallBench
{
    private const int Calls = 1_000;
    private const int Address = ActorText.Out + 100;

    private TestRun? _run;
    private ActorId _asks;
    private ActorId _opens;

    [GlobalSetup]
    public void Setup()
    {
        TestState state = new();
        _asks = state.AddActor(Repeating("", $"i32.const {ActorText.Out} call gas.available drop"), TokenAmount.Zero);
        _opens = state.AddActor(
            Repeating(
                $"i32.const {ActorText.Out} i32.const {Address} i32.const 100 call self.root drop ",
                $"i32.const {ActorText.Out} i32.const {Address} call ipld.block_open drop"),
            TokenAmount.Zero);
        _run = new TestRun(state) { Context = static context => context with { Tracing = false } };
        Require(AvailableGas());
        Require(BlockOpen());
    }

    [GlobalCleanup]
    public void Cleanup() => _run!.Dispose();

    /// <summary>The cheapest syscall: gate, settlement of gas, eight bytes written.</summary>
    [Benchmark(OperationsPerInvoke = Calls)]
    public ApplyRet AvailableGas() => _run!.Call(_asks);

    /// <summary>Opening a block: read, reachable set, links.</summary>
    [Benchmark(OperationsPerInvoke = Calls)]
    public ApplyRet BlockOpen() => _run!.Call(_opens);

    private static void Require(ApplyRet ret)
    {
        if (!ret.Receipt.ExitCode.IsSuccess)
        {
            throw new InvalidOperationException($"the actor failed: {ret.Failure}");
        }
    }

    private static byte[] Repeating(string before, string code) => ActorText.Module(
        string.Create(
            CultureInfo.InvariantCulture,
            $"{before} i32.const {Calls} local.set 1 loop {code} local.get 1 i32.const 1 i32.sub local.tee 1 br_if 0 end i32.const 0"),
        locals: "i1");
}
