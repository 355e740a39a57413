using System.Text.Json;
using Fvm.Vectors;
using NUnit.Framework;

namespace Fvm.Tracing.Tests;

/// <summary>Programs of recorded messages, run again on the builtin actors of each network version, do what they did in the real run.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class RecordedOpcodesTests
{
    private long _steps;
    private long _calls;
    private long _failed;

    [TestCase("nv18")]
    [TestCase("nv19")]
    [TestCase("nv20")]
    [TestCase("nv21")]
    [TestCase("nv22")]
    [TestCase("nv23")]
    [TestCase("nv24")]
    [TestCase("nv25")]
    [TestCase("nv26")]
    [TestCase("nv27")]
    [TestCase("nv28")]
    public void Opcodes_of_recorded_messages_agree_with_the_real_run(string network)
    {
        int messages = RecordedMessages.Check($"{network}/evm.ndjson.gz", FaultOf, syscalls: true);
        Assert.Multiple(() =>
        {
            Assert.That(messages, Is.GreaterThan(1_000));
            Assert.That(_steps, Is.GreaterThan(60_000));
            Assert.That(_calls, Is.GreaterThan(3_000));
            Assert.That(_failed, Is.GreaterThan(500));
        });
    }

    private string? FaultOf(ReplayedMessage applied)
    {
        TracedTransaction transaction = new(applied.Machine, applied.Message, applied.Result, applied.StateBefore, applied.StateAfter);
        try
        {
            using JsonDocument log = JsonDocument.Parse(TraceJson.ToBytes(
                json => GethTraces.Write(json, transaction, new GethTraceOptions { EnableMemory = true, EnableReturnData = true, Limit = 2_000 })));
            JsonElement steps = log.RootElement.GetProperty("structLogs");
            Interlocked.Add(ref _steps, steps.GetArrayLength());
            Interlocked.Add(ref _calls, steps.EnumerateArray().Count(static step => step.GetProperty("depth").GetInt32() > 1));
            Interlocked.Add(ref _failed, log.RootElement.GetProperty("failed").GetBoolean() ? 1 : 0);
            return null;
        }
        catch (OpcodeReplayException exception)
        {
            return exception.Message;
        }
    }
}
