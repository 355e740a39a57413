namespace Fvm;

internal sealed partial class Kernel
{
    /// <summary>Calls another actor without a gas limit of its own (before NV18).</summary>
    public Outcome SendUnlimited(in Address to, MethodNumber method, BlockId parametersId, TokenAmount value, out SendResult result) =>
        Send(to, method, parametersId, value, gasLimit: null, SendFlags.None, out result);

    /// <summary>Calls another actor. A failing actor is not an error here: its exit code is in the result.</summary>
    public Outcome Send(
        in Address to, MethodNumber method, BlockId parametersId, TokenAmount value, Gas? gasLimit, SendFlags flags, out SendResult result)
    {
        result = default;
        bool readOnly = IsReadOnly || (flags & SendFlags.ReadOnly) != 0;
        if (readOnly && !value.IsZero) return Outcome.Error(ErrorNumber.ReadOnly, "cannot transfer value when read-only");

        Block? parameters = null;
        if (parametersId != BlockId.NoData && !Blocks.TryGet(parametersId, out parameters))
        {
            return BlockRegistry.InvalidHandle(parametersId);
        }

        if (Blocks.IsFull) return Outcome.Error(ErrorNumber.LimitExceeded, "cannot store return block");

        Call call = new(Receiver, to, method, parameters, value, gasLimit, readOnly);
        if (_reentry.Send(call, out InvocationResult returned).Failed(out Outcome outcome)) return outcome;

        BlockId returnId = BlockId.NoData;
        BlockStat stat = default;
        if (returned.Value is Block block)
        {
            stat = block.Stat;
            outcome = Blocks.PutReachable(block, out returnId).OrFatal();
        }

        result = new SendResult(returned.ExitCode, returnId, stat);
        return outcome;
    }
}
