using System.Numerics;
using System.Text.Json;
using Fvm.Vectors;
using NUnit.Framework;

namespace Fvm.Tracing.Tests;

/// <summary>Geth's and Parity's forms of recorded messages agree with each other and with the receipts.</summary>
public sealed class RecordedFormsTests
{
    private int _delegateCalls;
    private int _creations;
    private int _logs;
    private int _slots;

    [Test]
    public void Forms_agree_with_each_other_and_with_the_receipt()
    {
        RecordedMessages.Check("nv28/evm.ndjson.gz", FaultOf);

        Assert.Multiple(() =>
        {
            Assert.That(_delegateCalls, Is.GreaterThan(10));
            Assert.That(_creations, Is.GreaterThan(100));
            Assert.That(_logs, Is.GreaterThan(50));
            Assert.That(_slots, Is.GreaterThan(100));
        });
    }

    private string? FaultOf(ReplayedMessage applied)
    {
        TracedTransaction transaction = new(applied.Machine, applied.Message, applied.Result, applied.StateBefore, applied.StateAfter);
        return FaultOfCalls(transaction) ?? FaultOfAccounts(transaction, applied);
    }

    private string? FaultOfCalls(TracedTransaction transaction)
    {
        using JsonDocument calls = Parse(transaction, new GethTraceOptions { Tracer = GethTracer.CallTracer, WithLog = true });
        using JsonDocument flat = Parse(transaction, new GethTraceOptions { Tracer = GethTracer.FlatCallTracer });
        using JsonDocument functions = Parse(transaction, new GethTraceOptions { Tracer = GethTracer.FourByteTracer });
        if (transaction.Outermost is null)
        {
            return calls.RootElement.ValueKind == JsonValueKind.Null && flat.RootElement.GetArrayLength() == 0 ? null : "a form of nothing";
        }

        JsonElement[] all = [.. All(calls.RootElement)];
        if (all.Length != flat.RootElement.GetArrayLength()) return $"{all.Length} calls, but {flat.RootElement.GetArrayLength()} in Parity's form";

        foreach ((JsonElement nested, JsonElement listed) in all.Zip(flat.RootElement.EnumerateArray()))
        {
            JsonElement action = listed.GetProperty("action");
            string input = action.TryGetProperty("input", out JsonElement data) ? data.GetString()! : action.GetProperty("init").GetString()!;
            if (nested.GetProperty("input").GetString() != input || nested.GetProperty("from").GetString() != action.GetProperty("from").GetString())
            {
                return "the forms have calls in another order";
            }
        }

        int called = all.Count(static call => !call.GetProperty("type").GetString()!.StartsWith("CREATE", StringComparison.Ordinal)
            && call.GetProperty("input").GetString()!.Length >= 10);
        if (functions.RootElement.EnumerateObject().Sum(static each => each.Value.GetInt32()) != called) return "functions are counted wrongly";

        ExitCode exit = transaction.Result.Receipt.ExitCode;
        if (calls.RootElement.TryGetProperty("error", out _) == exit.IsSuccess) return "an error without a failure, or none with one";

        ulong gas = Convert.ToUInt64(calls.RootElement.GetProperty("gasUsed").GetString(), 16);
        if (gas < transaction.Result.Receipt.GasUsed) return $"gas {gas} of {transaction.Result.Receipt.GasUsed}";

        int logs = all.Sum(static call => call.TryGetProperty("logs", out JsonElement list) ? list.GetArrayLength() : 0);
        Interlocked.Add(ref _logs, logs);
        Interlocked.Add(ref _delegateCalls, all.Count(static call => call.GetProperty("type").GetString() == "DELEGATECALL"));
        Interlocked.Add(ref _creations, all.Length - all.Count(static call => call.GetProperty("type").GetString()!.EndsWith("CALL", StringComparison.Ordinal)));
        return logs <= transaction.Result.Events.Count ? null : "more logs than events";
    }

    // What the touched accounts lost is what the message cost: nothing is made or lost otherwise.
    private string? FaultOfAccounts(TracedTransaction transaction, ReplayedMessage applied)
    {
        IReadOnlyList<AccountChange> changes = transaction.Changes();
        Interlocked.Add(ref _slots, changes.Sum(static change => change.Slots.Count));
        BigInteger sum = 0;
        foreach (AccountChange change in changes)
        {
            sum += (change.After?.Balance.Atto ?? 0) - (change.Before?.Balance.Atto ?? 0);
        }

        ApplyRet ret = applied.Result;
        BigInteger cost = (ret.BaseFeeBurn + ret.OverEstimationBurn + ret.MinerTip).Atto;
        bool touchesOthers = changes.Any(static change => change.Address == EthAddress.OfId(ActorId.BurntFunds) || change.Address == EthAddress.OfId(ActorId.Reward));
        if (!touchesOthers && sum != -cost) return $"the accounts lost {-sum}, the message cost {cost}";

        using JsonDocument diff = Parse(transaction, new GethTraceOptions { Tracer = GethTracer.PrestateTracer, DiffMode = true });
        int changed = changes.Count(static change => change.IsChange && change.After is not null);
        return diff.RootElement.GetProperty("post").EnumerateObject().Count() == changed ? null : "another number of changed accounts";
    }

    private static JsonDocument Parse(TracedTransaction transaction, GethTraceOptions options) => JsonDocument.Parse(
        TraceJson.ToBytes(json => GethTraces.Write(json, transaction, options)), new JsonDocumentOptions { MaxDepth = 4096 });

    private static IEnumerable<JsonElement> All(JsonElement call)
    {
        yield return call;
        if (call.TryGetProperty("calls", out JsonElement inner))
        {
            foreach (JsonElement each in inner.EnumerateArray())
            {
                foreach (JsonElement found in All(each))
                {
                    yield return found;
                }
            }
        }
    }
}
