namespace Fvm.Native;

/// <summary>The result of a message (C: <c>FvmMachineExecuteResponse_t</c>, 192 bytes).</summary>
internal struct ExecuteResponse
{
    public ulong ExitCode;
    public SliceBoxed Return;
    public ulong GasUsed;
    public Amount Penalty;
    public Amount MinerTip;
    public Amount BaseFeeBurn;
    public Amount OverEstimationBurn;
    public Amount Refund;
    public ulong GasRefund;
    public ulong GasBurned;
    public SliceBoxed Trace;
    public SliceBoxed FailureInfo;
    public SliceBoxed Events;
    public SliceBoxed EventsRoot;
}
