namespace Fvm;

/// <summary>A call with everything that happened in it: a trace is a tree of calls in pre-order.</summary>
internal sealed class TracedCall(CallEvent begin)
{
    public CallEvent Begin { get; } = begin;

    public InvokeActorEvent? Invoked { get; private set; }

    public bool HasEnded { get; private set; }

    public ExitCode ExitCode { get; private set; }

    /// <summary>The return value; null for none.</summary>
    public IpldBlock? Result { get; private set; }

    public List<GasCharge> Charges { get; } = [];

    public List<TracedCall> Calls { get; } = [];

    public List<string> Logs { get; } = [];

    public List<IpldEvent> Blocks { get; } = [];

    public void Add(ExecutionEvent item)
    {
        switch (item)
        {
            case GasChargeEvent { Charge: GasCharge charge }:
                Charges.Add(charge);
                break;
            case InvokeActorEvent invoked:
                Invoked = invoked;
                break;
            case LogEvent { Text: string text }:
                Logs.Add(text);
                break;
            case IpldEvent block:
                Blocks.Add(block);
                break;
            case CallReturnEvent end:
                HasEnded = true;
                ExitCode = end.ExitCode;
                Result = end.Value;
                break;
            case CallErrorEvent { Error: ErrorNumber error }:
                HasEnded = true;
                ExitCode = ExitCode.OfUndispatched(error);
                break;
        }
    }
}
