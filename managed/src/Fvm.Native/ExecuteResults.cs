using System.Text;
using Fvm.Hosting;
using Fvm.Ipld;

namespace Fvm.Native;

/// <summary>Writes the result of a message into a response.</summary>
internal static class ExecuteResults
{
    /// <param name="ret">The result.</param>
    /// <param name="trace">Its trace, or null.</param>
    /// <exception cref="CallFailedException">An amount has more than 128 bits.</exception>
    // Sound: the response has just been allocated and is nobody else's yet.
    public static unsafe ExecuteResult* Make(ApplyRet ret, byte[]? trace)
    {
        // Fallible steps come before allocations that must be freed.
        ExecuteResponse value = new()
        {
            ExitCode = ret.Receipt.ExitCode.Value,
            GasUsed = ret.Receipt.GasUsed,
            Penalty = Amount.Of(ret.Penalty, "penalty"),
            MinerTip = Amount.Of(ret.MinerTip, "miner tip"),
            BaseFeeBurn = Amount.Of(ret.BaseFeeBurn, "base fee burn"),
            OverEstimationBurn = Amount.Of(ret.OverEstimationBurn, "overestimation burn"),
            Refund = Amount.Of(ret.Refund, "refund"),
            GasRefund = ret.GasRefund,
            GasBurned = ret.GasBurned,
        };
        byte[]? events = ret.Events.Count == 0 ? null : Encode(ret.Events);
        byte[]? failure = ret.Failure is string text ? Encoding.UTF8.GetBytes(text) : null;

        ExecuteResult* result = Responses.Allocate<ExecuteResult>();
        value.Return = ret.Receipt.ReturnData.IsEmpty ? default : Responses.Copy(ret.Receipt.ReturnData.Span, result);
        value.Trace = Optional(trace, result);
        value.FailureInfo = Optional(failure, result);
        value.Events = Optional(events, result);
        value.EventsRoot = Optional(ret.Receipt.EventsRoot?.ToBytes(), result);
        result->Value = value;
        return result;
    }

    // Sound: only passes the pointer on.
    private static unsafe SliceBoxed Optional(byte[]? bytes, ExecuteResult* owner) => bytes is null ? default : Responses.Copy(bytes, owner);

    private static byte[] Encode(IReadOnlyList<StampedEvent> events)
    {
        CborWriter writer = new(64 * events.Count);
        writer.WriteArrayHeader(events.Count);
        foreach (StampedEvent stamped in events)
        {
            writer.WriteRaw(stamped.Encoded.Span);
        }

        return writer.ToArray();
    }
}
