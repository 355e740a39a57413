using Fvm.Ipld;
using Fvm.Protocol.V1;
using Fvm.Vectors;
using Google.Protobuf;

namespace Fvm.Diff;

/// <summary>
/// Answers of the sidecar as results of vectors. Whatever does not fit is an <see cref="InputException"/>: another program answers.
/// </summary>
internal static class SidecarResults
{
    /// <summary>A message's result, without a trace.</summary>
    public static MessageOutcome Outcome(MessageResult result) => new()
    {
        ExitCode = Given(result.Receipt, "receipt").ExitCode,
        Return = result.Receipt.ReturnData.ToByteArray(),
        GasUsed = result.Receipt.GasUsed,
        EventsRoot = result.Receipt.HasEventsRoot ? Link(result.Receipt.EventsRoot).ToString() : null,
        MinerPenalty = Text(result.MinerPenalty),
        MinerTip = Text(result.MinerTip),
        BaseFeeBurn = Text(result.BaseFeeBurn),
        OverEstimationBurn = Text(result.OverEstimationBurn),
        Refund = Text(result.Refund),
        GasRefund = result.GasRefund,
        GasBurned = result.GasBurned,
        ReturnCodec = result.HasReturnCodec ? result.ReturnCodec : null,
        Failure = result.HasFailure ? PrintableText.Of(result.Failure) : null,
        EventsJson = TreeReader.Events(ListOf(result.Events)),
    };

    /// <summary>An event of a trace; null for a kind that later versions have.</summary>
    public static ExecutionEvent? Event(TraceEvent item) => item.EventCase switch
    {
        TraceEvent.EventOneofCase.GasCharge => new GasChargeEvent(ChargeOf(item.GasCharge)),
        TraceEvent.EventOneofCase.CallBegin => new CallEvent(
            new ActorId(item.CallBegin.From), AddressOf(item.CallBegin.To), new MethodNumber(item.CallBegin.Method), BlockOf(item.CallBegin.Params),
            Amount(item.CallBegin.Value), item.CallBegin.GasLimit, item.CallBegin.ReadOnly),
        TraceEvent.EventOneofCase.Invoke => new InvokeActorEvent(new ActorId(item.Invoke.ActorId), new ActorState
        {
            Code = Link(item.Invoke.Code),
            State = Link(item.Invoke.State),
            Sequence = item.Invoke.Sequence,
            Balance = Amount(item.Invoke.Balance),
            DelegatedAddress = item.Invoke.HasDelegatedAddress ? AddressOf(item.Invoke.DelegatedAddress) : null,
        }),
        TraceEvent.EventOneofCase.CallReturn => new CallReturnEvent(new ExitCode(item.CallReturn.ExitCode), BlockOf(item.CallReturn.Value)),
        TraceEvent.EventOneofCase.CallFailure => new CallErrorEvent((ErrorNumber)item.CallFailure.ErrorNumber, item.CallFailure.Text),
        TraceEvent.EventOneofCase.Log => new LogEvent(item.Log.Text),
        TraceEvent.EventOneofCase.Block => new IpldEvent(
            item.Block.Operation == BlockOperation.Get ? IpldOperation.Get : IpldOperation.Put,
            Link(item.Block.Cid),
            (int)Math.Min(item.Block.Size, int.MaxValue)),
        _ => null,
    };

    /// <summary>A CID.</summary>
    public static Cid Link(ByteString bytes) => Cid.TryRead(bytes.Span, out Cid cid, out int read) && read == bytes.Length
        ? cid
        : throw new InputException("its answer has bytes that are not a CID");

    private static GasCharge ChargeOf(Protocol.V1.GasChargeEvent charge) => charge.OtherMilligas >= 0
        ? new GasCharge(charge.Name, new Gas(charge.ComputeMilligas), new Gas((ulong)charge.OtherMilligas))
        : new GasCharge(charge.Name, new Gas(charge.ComputeMilligas), Gas.Zero) { Refund = new Gas((ulong)-charge.OtherMilligas) };

    private static IpldBlock? BlockOf(Protocol.V1.IpldBlock? block) => block is null ? null : new IpldBlock(block.Codec, block.Data.Memory);

    private static Address AddressOf(ByteString bytes) => Address.TryFromBytes(bytes.Span, out Address address)
        ? address
        : throw new InputException("its answer has bytes that are not an address");

    private static string Text(Protocol.V1.TokenAmount? amount) => Amount(amount).ToString();

    private static TokenAmount Amount(Protocol.V1.TokenAmount? amount)
    {
        ReadOnlySpan<byte> magnitude = Given(amount, "amount").Magnitude.Span;
        return magnitude.IsEmpty ? TokenAmount.Zero
            : TokenAmount.TryFromBytes([amount!.Negative ? (byte)1 : (byte)0, .. magnitude], out TokenAmount value) ? value
            : throw new InputException("its answer has bytes that are not an amount");
    }

    // The C interface hands them over as one list.
    private static byte[] ListOf(IReadOnlyCollection<ByteString> items)
    {
        CborWriter header = new();
        header.WriteArrayHeader(items.Count);
        return [.. header.ToArray(), .. items.SelectMany(static item => item)];
    }

    private static T Given<T>(T? value, string what)
        where T : class => value ?? throw new InputException($"its answer lacks a result's {what}");
}
