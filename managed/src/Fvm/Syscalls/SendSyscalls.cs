namespace Fvm;

/// <summary>Module <c>send</c>.</summary>
internal static class SendSyscalls
{
    /// <summary>
    /// send(recipient offset, recipient length, method, parameters' block, value high, value low, gas limit, flags) →
    /// <see cref="SendResult"/>
    /// </summary>
    public static Outcome Send(ref SyscallFrame frame)
    {
        if (!frame.TryReadAddress(0, out Address to)) return frame.Refusal;

        TokenAmount value = TokenAmount.FromHalves(frame.U64(4), frame.U64(5));
        ulong limit = frame.U64(6);
        Gas? gasLimit = limit == ulong.MaxValue ? null : Gas.Of(limit);
        SendFlags flags = (SendFlags)frame.U64(7);
        if ((flags & ~SendFlags.ReadOnly) != 0) return Outcome.Error(ErrorNumber.IllegalArgument, $"invalid send flags: {frame.U64(7)}");

        MethodNumber method = new(frame.U64(2));
        BlockId parameters = new(frame.U32(3));
        if (!frame.Passed(frame.Kernel.Send(to, method, parameters, value, gasLimit, flags, out SendResult result))) return frame.Refusal;

        return frame.ReturnPacked(result);
    }

    /// <summary>send(recipient offset, recipient length, method, parameters' block, value high, value low) → as above, before NV18</summary>
    public static Outcome SendUnlimited(ref SyscallFrame frame)
    {
        if (!frame.TryReadAddress(0, out Address to)) return frame.Refusal;

        TokenAmount value = TokenAmount.FromHalves(frame.U64(4), frame.U64(5));
        MethodNumber method = new(frame.U64(2));
        BlockId parameters = new(frame.U32(3));
        if (!frame.Passed(frame.Kernel.SendUnlimited(to, method, parameters, value, out SendResult result))) return frame.Refusal;

        return frame.ReturnPacked(result);
    }
}
