using Fvm.Ipld;
using Fvm.Protocol.V1;
using Google.Protobuf;

namespace Fvm.Sidecar;

/// <summary>Values of responses.</summary>
internal static class ToClient
{
    public static ByteString Bytes(in Cid cid) => UnsafeByteOperations.UnsafeWrap(cid.ToBytes());

    public static Protocol.V1.TokenAmount Amount(in TokenAmount amount)
    {
        byte[] bytes = amount.ToBytes();
        return new Protocol.V1.TokenAmount
        {
            Negative = bytes.Length > 0 && bytes[0] == 1,
            Magnitude = bytes.Length == 0 ? ByteString.Empty : UnsafeByteOperations.UnsafeWrap(bytes.AsMemory(1)),
        };
    }

    public static MessageResult Result(ApplyRet ret)
    {
        MessageResult result = new()
        {
            Receipt = new Protocol.V1.Receipt
            {
                ExitCode = ret.Receipt.ExitCode.Value,
                ReturnData = UnsafeByteOperations.UnsafeWrap(ret.Receipt.ReturnData),
                GasUsed = ret.Receipt.GasUsed,
            },
            MinerPenalty = Amount(ret.Penalty),
            MinerTip = Amount(ret.MinerTip),
            BaseFeeBurn = Amount(ret.BaseFeeBurn),
            OverEstimationBurn = Amount(ret.OverEstimationBurn),
            Refund = Amount(ret.Refund),
            GasRefund = ret.GasRefund,
            GasBurned = ret.GasBurned,
        };
        if (ret.Receipt.EventsRoot is Cid root)
        {
            result.Receipt.EventsRoot = Bytes(in root);
        }

        if (ret.ReturnCodec is ulong codec)
        {
            result.ReturnCodec = codec;
        }

        if (ret.Failure is string failure)
        {
            result.Failure = failure;
        }

        result.Events.AddRange(ret.Events.Select(static item => UnsafeByteOperations.UnsafeWrap(item.Encoded)));
        return result;
    }
}
