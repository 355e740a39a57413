using System.Runtime.InteropServices;
using Fvm.Ipld;
using NUnit.Framework;

namespace Fvm.Diff.Tests;

/// <summary>What a library's process is made of, without a library.</summary>
public sealed class LibraryTests
{
    private const string Name = "fvm_diff_test_function";

    [Test]
    [Platform("Linux")]
    public void Names_that_are_loaded_are_found_at_the_addresses_given()
    {
        HostSymbols.Load([("fvm_diff_test_other", 0x1234), (Name, 0x5678_9abc)]);
        nint self = NativeLibrary.GetMainProgramHandle();
        Assert.That(NativeLibrary.GetExport(self, Name), Is.EqualTo((nint)0x5678_9abc));
        Assert.That(NativeLibrary.GetExport(self, "fvm_diff_test_other"), Is.EqualTo((nint)0x1234));
        Assert.That(NativeLibrary.TryGetExport(self, "fvm_diff_test_missing", out _), Is.False);
    }

    [Test]
    public void A_trace_in_CBOR_becomes_the_lines_that_the_events_become()
    {
        ExecutionTrace trace = new();
        trace.Add(new GasChargeEvent(new GasCharge("OnChainMessage", new Gas(1000), new Gas(2500))));
        trace.Add(Call(100, 101));
        trace.Add(new GasChargeEvent(new GasCharge("OnSyscall", new Gas(14_001), default)));
        trace.Add(new LogEvent("text"));
        trace.Add(Call(101, 102));
        trace.Add(new CallErrorEvent(ErrorNumber.NotFound, "no such actor"));
        trace.Add(new IpldEvent(IpldOperation.Put, Cid.Blake2b256(Multicodec.DagCbor, [0x80]), 1));
        trace.Add(new CallReturnEvent(new ExitCode(7), new IpldBlock(Multicodec.Cbor, new byte[] { 0x80 })));
        string[] events = [.. trace.Select(TraceJsonWriter.ToLine)];
        Assert.That(TreeReader.Trace(TraceCborWriter.Encode(trace)!), Is.EqualTo(TraceTree.Of(events)).And.Count.EqualTo(8));
    }

    [Test]
    public void Events_in_CBOR_become_those_of_a_vector() => Assert.That(
        TreeReader.Events([0x81, 0x82, 0x18, 0x65, 0x81, 0x84, 3, 0x61, (byte)'k', 0x18, 0x55, 0x41, 1]),
        Is.EqualTo("""[{"emitter":101,"entries":[[3,"k",85,"AQ=="]]}]"""));

    [Test]
    public void Hostile_CBOR_is_refused()
    {
        // Claims to nest without end, to have items that do not follow, and to be something else.
        byte[] deep = [.. Enumerable.Repeat<byte>(0x87, 100_000)];
        foreach (byte[] cbor in (byte[][])[deep, [0x87, 0x9a, 0xff, 0xff, 0xff, 0xff], [0x87], [0xf6]])
        {
            Assert.That(() => TreeReader.Trace(cbor), Throws.TypeOf<CborException>());
            Assert.That(() => TreeReader.Events(cbor), Throws.TypeOf<CborException>());
        }
    }

    private static CallEvent Call(ulong from, ulong to) =>
        new(new ActorId(from), Address.NewId(to), new MethodNumber(2), null, TokenAmount.FromAtto(5L), 1000, ReadOnly: false);
}
