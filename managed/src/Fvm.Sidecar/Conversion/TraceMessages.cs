using Fvm.Protocol.V1;
using Google.Protobuf;

namespace Fvm.Sidecar;

/// <summary>Traces as messages.</summary>
internal static class TraceMessages
{
    /// <summary>Events of a frame.</summary>
    public const int EventsPerFrame = 1_024;

    public static TraceSummary Summary(ExecutionTrace trace, TraceForm form)
    {
        TraceSummary summary = new()
        {
            Events = (ulong)trace.Count,
            Digest = UnsafeByteOperations.UnsafeWrap(Convert.FromHexString(TraceJsonWriter.Digest(trace))),
            Truncated = trace.IsTruncated,
        };
        if (form == TraceForm.Tree && TraceCborWriter.Encode(trace) is byte[] tree)
        {
            summary.Tree = UnsafeByteOperations.UnsafeWrap(tree);
        }

        return summary;
    }

    /// <summary>Takes a tree out of its summary if it is larger than a part.</summary>
    /// <returns>The parts, in order; none if the tree stays.</returns>
    public static IEnumerable<TraceTreePart> TakeLargeTree(TraceSummary summary, int partBytes)
    {
        ReadOnlyMemory<byte> tree = summary.Tree.Memory;
        if (tree.Length <= partBytes)
        {
            yield break;
        }

        summary.ClearTree();
        for (int at = 0; at < tree.Length; at += partBytes)
        {
            ReadOnlyMemory<byte> part = tree.Slice(at, Math.Min(partBytes, tree.Length - at));
            yield return new TraceTreePart { Data = UnsafeByteOperations.UnsafeWrap(part) };
        }
    }

    /// <summary>The trace of a message; one that fails preflight has an empty one of another type.</summary>
    public static ExecutionTrace Of(ApplyRet ret) => ret.Trace as ExecutionTrace ?? new ExecutionTrace();

    /// <summary>The events in frames.</summary>
    public static IEnumerable<TraceEvents> Frames(ExecutionTrace trace)
    {
        for (int at = 0; at < trace.Count; at += EventsPerFrame)
        {
            TraceEvents frame = new();
            for (int i = at; i < Math.Min(trace.Count, at + EventsPerFrame); i++)
            {
                frame.Events.Add(Of(trace[i]));
            }

            yield return frame;
        }
    }

    private static TraceEvent Of(ExecutionEvent item) => item switch
    {
        GasChargeEvent { Charge: GasCharge charge } => new TraceEvent
        {
            GasCharge = new Protocol.V1.GasChargeEvent
            {
                Name = charge.Name,
                ComputeMilligas = charge.Compute.Milli,
                OtherMilligas = charge.Refund.IsZero ? (long)charge.Other.Milli : -(long)(charge.Other + charge.Refund).Milli,
            },
        },
        CallEvent call => new TraceEvent
        {
            CallBegin = new CallBeginEvent
            {
                From = call.From.Value,
                To = UnsafeByteOperations.UnsafeWrap(call.To.ToBytes()),
                Method = call.Method.Value,
                Params = Of(call.Params),
                Value = ToClient.Amount(call.Value),
                GasLimit = call.GasLimit,
                ReadOnly = call.ReadOnly,
            },
        },
        InvokeActorEvent invoke => new TraceEvent { Invoke = Of(invoke) },
        CallReturnEvent end => new TraceEvent
        {
            CallReturn = new Protocol.V1.CallReturnEvent { ExitCode = end.ExitCode.Value, Value = Of(end.Value) },
        },
        CallErrorEvent error => new TraceEvent { CallFailure = new CallFailureEvent { ErrorNumber = (uint)error.Error, Text = error.Text } },
        LogEvent log => new TraceEvent { Log = new Protocol.V1.LogEvent { Text = log.Text } },
        IpldEvent block => new TraceEvent
        {
            Block = new BlockEvent
            {
                Operation = block.Operation == IpldOperation.Get ? BlockOperation.Get : BlockOperation.Put,
                Cid = ToClient.Bytes(block.Cid),
                Size = (ulong)block.Size,
            },
        },
        _ => throw new ArgumentException($"an event of type {item.GetType().Name} has no message", nameof(item)),
    };

    private static InvokeEvent Of(InvokeActorEvent invoke)
    {
        InvokeEvent message = new()
        {
            ActorId = invoke.Id.Value,
            Code = ToClient.Bytes(invoke.State.Code),
            State = ToClient.Bytes(invoke.State.State),
            Sequence = invoke.State.Sequence,
            Balance = ToClient.Amount(invoke.State.Balance),
        };
        if (invoke.State.DelegatedAddress is Address address)
        {
            message.DelegatedAddress = UnsafeByteOperations.UnsafeWrap(address.ToBytes());
        }

        return message;
    }

    private static Protocol.V1.IpldBlock? Of(IpldBlock? block) => block is null
        ? null
        : new Protocol.V1.IpldBlock { Codec = block.Codec, Data = UnsafeByteOperations.UnsafeWrap(block.Data) };
}
