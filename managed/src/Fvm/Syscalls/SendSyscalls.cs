using System.Buffers.Binary;

namespace Fvm;

/// <summary>Module <c>send</c>.</summary>
internal static class SendSyscalls
{
    /// <summary>
    /// send(recipient offset, recipient length, method, parameters' block, value high, value low, gas limit, flags) → exit code, return's
    /// block, its codec, its size
    /// </summary>
    public static Outcome Send(ref SyscallFrame frame)
    {
        Outcome outcome = frame.ReadAddress(0, out Address to);
        if (!outcome.IsOk) return outcome;

        TokenAmount value = TokenAmount.FromHalves(frame.U64(4), frame.U64(5));
        ulong limit = frame.U64(6);
        Gas? gasLimit = limit == ulong.MaxValue ? null : Gas.Of(limit);
        SendFlags flags = (SendFlags)frame.U64(7);
        if ((flags & ~SendFlags.ReadOnly) != 0) return Outcome.Error(ErrorNumber.IllegalArgument, $"invalid send flags: {frame.U64(7)}");

        outcome = frame.Kernel.Send(to, new MethodNumber(frame.U64(2)), new BlockId(frame.U32(3)), value, gasLimit, flags, out SendResult result);
        return outcome.IsOk ? Write(ref frame, result) : outcome;
    }

    /// <summary>send(recipient offset, recipient length, method, parameters' block, value high, value low) → as above, before NV18</summary>
    public static Outcome SendUnlimited(ref SyscallFrame frame)
    {
        Outcome outcome = frame.ReadAddress(0, out Address to);
        if (!outcome.IsOk) return outcome;

        TokenAmount value = TokenAmount.FromHalves(frame.U64(4), frame.U64(5));
        outcome = frame.Kernel.SendUnlimited(to, new MethodNumber(frame.U64(2)), new BlockId(frame.U32(3)), value, out SendResult result);
        return outcome.IsOk ? Write(ref frame, result) : outcome;
    }

    private static Outcome Write(ref SyscallFrame frame, in SendResult result)
    {
        Span<byte> into = frame.Result;
        BinaryPrimitives.WriteUInt32LittleEndian(into, result.ExitCode.Value);
        BinaryPrimitives.WriteUInt32LittleEndian(into[4..], result.ReturnId.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(into[8..], result.ReturnStat.Codec);
        BinaryPrimitives.WriteUInt32LittleEndian(into[16..], result.ReturnStat.Size);
        return Outcome.Ok;
    }
}
