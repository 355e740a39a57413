namespace Fvm;

/// <summary>A call with everything that happened in it: a trace is a tree of calls in pre-order.</summary>
public sealed class TracedCall
{
    private TracedCall? _unsent;

    private TracedCall(CallEvent begin) => Begin = begin;

    /// <summary>The call as its caller made it.</summary>
    public CallEvent Begin { get; }

    public InvokeActorEvent? Invoked { get; private set; }

    public bool HasEnded { get; private set; }

    public ExitCode ExitCode { get; private set; }

    /// <summary>The return value; null for none.</summary>
    public IpldBlock? Result { get; private set; }

    public List<GasCharge> Charges { get; } = [];

    public List<TracedCall> Calls { get; } = [];

    public List<string> Logs { get; } = [];

    public List<IpldEvent> Blocks { get; } = [];

    /// <summary>The syscalls (<see cref="MachineContext.TracesSyscalls"/>); one that sends has its call, if it came so far.</summary>
    public List<(SyscallEvent Event, TracedCall? Call)> Syscalls { get; } = [];

    /// <summary>The outermost call of a message's trace, with the charges before it; null if no actor was called, or the call has no end.</summary>
    public static TracedCall? Outermost(IEnumerable<ExecutionEvent> trace)
    {
        List<GasCharge> before = [];
        Stack<TracedCall> open = new();
        foreach (ExecutionEvent item in trace)
        {
            if (item is CallEvent begin)
            {
                TracedCall call = new(begin);
                if (open.TryPeek(out TracedCall? outer))
                {
                    outer.Calls.Add(call);
                    outer._unsent = call;
                }
                else
                {
                    call.Charges.AddRange(before);
                }

                open.Push(call);
            }
            else if (open.TryPeek(out TracedCall? current))
            {
                current.Add(item);
                if (current.HasEnded)
                {
                    open.Pop();
                    if (open.Count == 0)
                    {
                        return current;
                    }
                }
            }
            else if (item is GasChargeEvent { Charge: GasCharge charge })
            {
                before.Add(charge);
            }
        }

        return null;
    }

    private void Add(ExecutionEvent item)
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
            case SyscallEvent syscall:
                Syscalls.Add((syscall, syscall.Name == "send.send" ? _unsent : null));
                _unsent = null;
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
