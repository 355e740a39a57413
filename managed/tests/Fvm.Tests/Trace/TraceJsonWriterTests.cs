using System.Text;
using System.Text.Json;
using Fvm.Crypto;
using Fvm.Ipld;
using NUnit.Framework;

namespace Fvm.Tests;

public sealed class TraceJsonWriterTests
{
    private static readonly ActorState State = new()
    {
        Code = EmptyState.Cid,
        State = EmptyState.Cid,
        Sequence = 2,
        Balance = TokenAmount.FromAtto(7L),
        DelegatedAddress = Address.NewDelegated(new ActorId(32), [0xff, 0xff, 0xff, 0xff, 0xff]),
    };

    private static IEnumerable<TestCaseData> Lines()
    {
        string cid = EmptyState.Cid.ToString();
        yield return new TestCaseData(
            new GasChargeEvent(new GasCharge("a\"\\\n\u0018é", new(5), new(6))),
            "[\"gas\",\"a\\\"\\\\\\n\\u0018é\",5,6]");
        yield return new TestCaseData(
            new CallEvent(new(1), Address.NewId(2), new(3), null, TokenAmount.FromAtto(4L), 5, false),
            "[\"call\",1,\"f02\",3,null,\"4\",5,false]");
        yield return new TestCaseData(
            new CallEvent(new(1), Address.NewId(2), new(3), new IpldBlock(81, new byte[] { 1 }), default, 5, true),
            "[\"call\",1,\"f02\",3,{\"codec\":81,\"data\":\"AQ==\"},\"0\",5,true]");
        yield return new TestCaseData(
            new InvokeActorEvent(new(9), State), $"[\"invoke\",9,\"{cid}\",\"{cid}\",2,\"7\",\"f432f77777777x32lpna\"]");
        yield return new TestCaseData(
            new InvokeActorEvent(new(9), State with { DelegatedAddress = null }), $"[\"invoke\",9,\"{cid}\",\"{cid}\",2,\"7\",null]");
        yield return new TestCaseData(new CallReturnEvent(new(16), null), "[\"return\",16,null]");
        yield return new TestCaseData(new CallErrorEvent(ErrorNumber.NotFound, "gone"), "[\"error\",6,\"gone\"]");
        yield return new TestCaseData(new LogEvent("hello"), "[\"log\",\"hello\"]");
        yield return new TestCaseData(new IpldEvent(IpldOperation.Get, EmptyState.Cid, 1), $"[\"ipld\",\"get\",\"{cid}\",1]");
        yield return new TestCaseData(new IpldEvent(IpldOperation.Put, EmptyState.Cid, 1), $"[\"ipld\",\"put\",\"{cid}\",1]");
    }

    [TestCaseSource(nameof(Lines))]
    public void Each_event_is_a_list_on_a_line(ExecutionEvent item, string line) =>
        Assert.That(TraceJsonWriter.ToLine(item), Is.EqualTo(line));

    [Test]
    public void The_digest_is_of_all_lines_without_the_texts_of_errors()
    {
        ExecutionTrace trace = [new LogEvent("é"), new CallErrorEvent(ErrorNumber.NotFound, "gone")];
        string expected = Convert.ToHexStringLower(Blake2b.Hash256(Encoding.UTF8.GetBytes("[\"log\",\"é\"]\n[\"error\",6]\n")));
        Assert.That(TraceJsonWriter.Digest(trace), Is.EqualTo(expected));
    }

    [TestCase("nv28", "sends")]
    [TestCase("nv28", "syscalls")]
    [TestCase("nv21", "sends")]
    public void Recorded_traces_come_back_line_for_line_with_their_digests(string network, string set)
    {
        int count = 0;
        foreach (JsonElement vector in SharedVectors.Read(network, set).Take(20))
        {
            foreach (JsonElement result in vector.GetProperty("postconditions").GetProperty("apply_rets").EnumerateArray())
            {
                if (!result.TryGetProperty("trace", out JsonElement lines) || lines.ValueKind != JsonValueKind.Array)
                {
                    continue;
                }

                ExecutionTrace trace = [];
                foreach (JsonElement line in lines.EnumerateArray())
                {
                    trace.Add(Parse(line));
                    string written = TraceJsonWriter.ToLine(trace[^1]);
                    Assert.That(JsonElement.DeepEquals(JsonDocument.Parse(written).RootElement, line), Is.True, written);
                }

                Assert.That(TraceJsonWriter.Digest(trace), Is.EqualTo(result.GetProperty("trace_digest").GetString()));
                count++;
            }
        }

        Assert.That(count, Is.Positive);
    }

    private static ExecutionEvent Parse(JsonElement line) => line[0].GetString() switch
    {
        "gas" => new GasChargeEvent(new GasCharge(line[1].GetString()!, new(line[2].GetUInt64()), new(line[3].GetUInt64()))),
        "call" => new CallEvent(
            new(line[1].GetUInt64()),
            Address.Parse(line[2].GetString()!),
            new(line[3].GetUInt64()),
            ParseBlock(line[4]),
            TokenAmount.ParseAtto(line[5].GetString()!),
            line[6].GetUInt64(),
            line[7].GetBoolean()),
        "invoke" => new InvokeActorEvent(new(line[1].GetUInt64()), new ActorState
        {
            Code = Cid.Parse(line[2].GetString()!),
            State = Cid.Parse(line[3].GetString()!),
            Sequence = line[4].GetUInt64(),
            Balance = TokenAmount.ParseAtto(line[5].GetString()!),
            DelegatedAddress = line[6].GetString() is string address ? Address.Parse(address) : null,
        }),
        "return" => new CallReturnEvent(new(line[1].GetUInt32()), ParseBlock(line[2])),
        "error" => new CallErrorEvent((ErrorNumber)line[1].GetUInt32(), line[2].GetString()!),
        "log" => new LogEvent(line[1].GetString()!),
        _ => new IpldEvent(
            line[1].GetString() == "get" ? IpldOperation.Get : IpldOperation.Put, Cid.Parse(line[2].GetString()!), line[3].GetInt32()),
    };

    private static IpldBlock? ParseBlock(JsonElement block) => block.ValueKind == JsonValueKind.Null
        ? null
        : new IpldBlock(block.GetProperty("codec").GetUInt64(), block.GetProperty("data").GetBytesFromBase64());
}
