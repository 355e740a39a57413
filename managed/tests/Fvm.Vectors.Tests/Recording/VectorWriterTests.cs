using System.Text;
using Fvm.Ipld;
using NUnit.Framework;

namespace Fvm.Vectors.Tests;

public sealed class VectorWriterTests
{
    [Test]
    public void What_is_recorded_reads_back_and_passes()
    {
        byte[] car = VectorJson.Parse(VectorJson.Load("counter-nv21.json")).Car;
        Vector recorded = RecordingSpec.Read(
            Encoding.UTF8.GetBytes(
                """
                {"id": "x", "desc": "y", "nv": 28, "epoch": 9, "base_fee": "7", "messages": [
                  {"from": "f0100", "to": "f01000", "method": 2},
                  {"from": "f0100", "to": "f0101", "value": "1.25"},
                  {"from": "f00", "to": "f01000", "method": 3, "implicit": true}]}
                """),
            car,
            CarBlocks.Read(car, "car"));
        using VectorReplayer replayer = new(new ReplaySettings { KeepTraces = true, ForceTracing = true });
        VectorResult result = ExecutionThread.Run(() => replayer.Replay(recorded, recorded.Variants[0]));
        using MemoryStream json = new();

        VectorWriter.Write(json, recorded, result);

        Vector read = VectorParser.Parse(json.ToArray(), "x.json", inSet: false);
        Assert.Multiple(() =>
        {
            Assert.That(read.Id, Is.EqualTo("x"));
            Assert.That(read.Description, Is.EqualTo("y"));
            Assert.That(read.BaseFee, Is.EqualTo("7"));
            Assert.That(read.Timestamp, Is.EqualTo(270));
            Assert.That(read.Messages.Select(message => message.Implicit), Is.EqualTo(new[] { false, false, true }));
            Assert.That(Message.Decode(read.Messages[1].Bytes).Sequence, Is.EqualTo(1));
            Assert.That(read.Receipts.Select(receipt => receipt.ExitCode), Is.EqualTo(new uint[] { 0, 0, 0 }));
            Assert.That(read.ApplyRets.Select(ret => ret.Trace), Is.All.Not.Null);
        });
        VectorResult again = ExecutionThread.Run(() => replayer.Replay(read, read.Variants[0]));
        Assert.That(again.Differences, Is.Empty);
        Assert.That(again.StateRoot, Is.EqualTo(result.StateRoot));
    }

    [TestCase("""{"id": "x", "nv": 28, "epoch": 9}""", "messages is missing")]
    [TestCase("""{"id": "x", "nv": 28, "epoch": 9, "messages": [{"from": "f0100"}]}""", "messages[0].to is missing")]
    [TestCase("""{"id": "x", "nv": 28, "epoch": 9, "Messages": [], "messages": []}""", "Messages is unknown; did you mean messages?")]
    [TestCase("""{"id": "x", "nv": 28, "epoch": 9, "x": 1, "messages": []}""", "x is unknown; known fields: id, desc, nv")]
    [TestCase("""{"id": "x", "nv": 28, "nv": 27, "epoch": 9, "messages": []}""", "nv occurs twice")]
    [TestCase("{\"id\": \"x\", \"nv\": 28, \"epoch\": 9,\n \"messages\": [\n  {\"from\": \"f0100\",\n  \"to\": \"f01\", \"gaslimit\": 5}]}", "line 4: messages[0].gaslimit is unknown; did you mean gas_limit?")]
    [TestCase("{\"id\": \"x\", \"nv\": 28, \"epoch\": 9,\n \"messages\": [\n  {\"from\": \"f0100\"}]}", "line 3: messages[0].to is missing")]
    [TestCase("{\"id\": \"x\",\n \"nv\": 28,, \"epoch\": 9}", "not JSON: line 2, byte 11: ")]
    [TestCase("""{"id": "x", "nv": 99, "epoch": 9, "messages": [{"from": "f0100", "to": "f01"}]}""", "unknown network version 99")]
    [TestCase("""{"id": "x", "nv": 28, "epoch": 9, "messages": [{"from": "f0100", "to": "0x12"}]}""", "messages[0].to: '0x12' is not an address")]
    [TestCase("""{"id": "x", "nv": 28, "epoch": 9, "messages": [{"from": "f0100", "to": "f01", "params": "xy"}]}""", "messages[0].params")]
    [TestCase("""{"id": "x", "nv": 28, "epoch": 9, "messages": [{"from": "f0100", "to": "f01", "value": "1,5"}]}""", "messages[0].value")]
    public void A_specification_that_does_not_parse_says_where(string json, string reason)
    {
        byte[] car = VectorJson.Parse(VectorJson.Load("counter-nv21.json")).Car;

        Assert.That(
            () => RecordingSpec.Read(Encoding.UTF8.GetBytes(json), car, CarBlocks.Read(car, "car")),
            Throws.TypeOf<InputException>().With.Message.Contains(reason));
    }

    [Test]
    public void A_nonce_is_the_senders_in_the_state_by_whatever_address_it_is_named()
    {
        const string Alice = "f1amhpxw5uiazpybikmauuriwnmm3xbdrntixzrii";
        byte[] car = VectorJson.Parse(VectorJson.Load("counter-nv21.json")).Car;
        MemoryBlockstore written = new();
        CarBlockstore state = CarBlocks.Read(car, "car");
        StateTree tree = StateTree.Load(new LayeredBlockstore(written, state), state.Roots[0], StateTreeVersion.V5);
        tree.SetActor(new ActorId(100), tree.GetActor(new ActorId(100))! with { Sequence = 41 });
        using MemoryStream file = new();
        CarFiles.Write(file, tree.Flush(), state, written);

        Vector recorded = RecordingSpec.Read(
            Encoding.UTF8.GetBytes($$"""
                {"id": "x", "nv": 28, "epoch": 9, "messages": [
                  {"from": "{{Alice}}", "to": "f0101"}, {"from": "f0100", "to": "f0101"}, {"from": "f0100", "to": "f0101", "nonce": 7},
                  {"from": "f0100", "to": "f0101", "implicit": true}, {"from": "{{Alice}}", "to": "f0101"}, {"from": "f0555", "to": "f0101"}]}
                """),
            file.ToArray(),
            CarBlocks.Read(file.ToArray(), "car"));

        Assert.That(
            recorded.Messages.Select(static message => Message.Decode(message.Bytes).Sequence), Is.EqualTo(new ulong[] { 41, 42, 7, 43, 43, 0 }));
    }

    [TestCase("0x8201")]
    [TestCase("8201")]
    public void Parameters_and_addresses_are_written_as_for_exec(string parameters)
    {
        byte[] car = VectorJson.Parse(VectorJson.Load("counter-nv21.json")).Car;
        Vector recorded = RecordingSpec.Read(
            Encoding.UTF8.GetBytes($$"""
                {"id": "x", "nv": 28, "epoch": 9, "messages": [
                  {"from": "0xff00000000000000000000000000000000000064", "to": "0xd388ab098ed3e84c0d808776440b48f685198498", "params": "{{parameters}}"}]}
                """),
            car,
            CarBlocks.Read(car, "car"));

        Message message = Message.Decode(recorded.Messages[0].Bytes);
        Assert.That(message.From, Is.EqualTo(Address.NewId(100)));
        Assert.That(message.To.TryToEthereum(out string? ethereum), Is.True);
        Assert.That(ethereum, Is.EqualTo("0xd388ab098ed3e84c0d808776440b48f685198498"));
        Assert.That(message.Params.ToArray(), Is.EqualTo(new byte[] { 0x82, 0x01 }));
    }
}
