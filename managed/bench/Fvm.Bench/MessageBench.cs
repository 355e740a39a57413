using BenchmarkDotNet.Attributes;
using Fvm.Tests;

namespace Fvm.Bench;

/// <summary>Whole messages, from preflight to receipt, on one machine without flushes.</summary>
public class MessageBench
{
    private TestRun? _run;
    private ActorId _actor;

    [GlobalSetup]
    public void Setup()
    {
        TestState state = new();
        _actor = state.AddActor(ActorText.Module(ActorText.ReturnNothing), TokenAmount.Zero);
        _run = new TestRun(state) { Context = static context => context with { Tracing = false } };
    }

    [GlobalCleanup]
    public void Cleanup() => _run!.Dispose();

    /// <summary>A transfer between accounts.</summary>
    [Benchmark]
    public ApplyRet Transfer() => _run!.Apply(_run.Message(TestState.BlsKey, value: TokenAmount.FromAtto(5L)));

    /// <summary>A call of an actor that does nothing.</summary>
    [Benchmark]
    public ApplyRet Call() => _run!.Call(_actor);
}
