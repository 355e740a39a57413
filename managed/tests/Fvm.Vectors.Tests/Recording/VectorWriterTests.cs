using System.Text;
using NUnit.Framework;

namespace Fvm.Vectors.Tests.Recording;

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
            car);
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
    [TestCase("""{"id": "x", "nv": 28, "epoch": 9, "messages": [{"from": "f0100", "to": "f01", "params": "xy"}]}""", "messages[0].params")]
    [TestCase("""{"id": "x", "nv": 28, "epoch": 9, "messages": [{"from": "f0100", "to": "f01", "value": "1,5"}]}""", "messages[0].value")]
    public void A_specification_that_does_not_parse_says_where(string json, string reason)
    {
        byte[] car = VectorJson.Parse(VectorJson.Load("counter-nv21.json")).Car;

        Assert.That(
            () => RecordingSpec.Read(Encoding.UTF8.GetBytes(json), car), Throws.TypeOf<InputException>().With.Message.Contains(reason));
    }
}
