namespace Fvm.Tracing;

/// <summary>A call of the real run with its syscalls, in order.</summary>
/// <param name="begin">The call as its caller made it.</param>
internal sealed class FrameRecord(CallEvent begin)
{
    // What an actor does by itself, whatever the EVM's program is.
    private static readonly string[] Silent =
        ["vm.", "ipld.", "self.root", "self.set_root", "network.context", "debug.", "gas.charge", "actor.next_actor_address"];

    // What only a program does: none of them may be left out.
    private static readonly string[] Binding =
        ["gas.available", "send.send", "actor.balance_of", "self.current_balance", "network.tipset_cid", "rand.", "event.emit_event",
        "crypto.recover_secp_public_key"];

    private readonly List<(SyscallEvent Event, FrameRecord? Call)> _syscalls = [];
    private readonly List<FrameRecord> _calls = [];
    private FrameRecord? _unsent;
    private bool _exited;

    public CallEvent Begin => begin;

    /// <summary>The receiver; null if the call failed before it was resolved.</summary>
    public InvokeActorEvent? Invoked { get; private set; }

    public ExitCode ExitCode { get; private set; }

    /// <summary>The returned block; null for none.</summary>
    public IpldBlock? Result { get; private set; }

    public bool HasEnded { get; private set; }

    /// <summary>The syscalls; one that sends has its call, if it came so far.</summary>
    public IReadOnlyList<(SyscallEvent Event, FrameRecord? Call)> Syscalls => _syscalls;

    /// <summary>The calls that it made.</summary>
    public IReadOnlyList<FrameRecord> Calls => _calls;

    /// <summary>The index behind the last syscall that a program causes.</summary>
    public int LastCaused { get; private set; }

    /// <summary>Whether the machine ended it, or the actor's own failure: then the log ends where the record does.</summary>
    public bool IsCutShort => !_exited && ExitCode.IsSystemError && !ExitCode.IsSuccess;

    public static bool IsBinding(SyscallEvent syscall) => StartsWithAny(syscall.Name, Binding);

    /// <summary>The outermost calls of a trace.</summary>
    /// <exception cref="OpcodeReplayException">The trace is truncated.</exception>
    public static IReadOnlyList<FrameRecord> Read(IReadOnlyList<ExecutionEvent> trace)
    {
        List<FrameRecord> outermost = [];
        Stack<FrameRecord> open = new();
        foreach (ExecutionEvent item in trace)
        {
            if (item is CallEvent call)
            {
                FrameRecord frame = new(call);
                if (open.TryPeek(out FrameRecord? caller))
                {
                    caller._calls.Add(frame);
                    caller._unsent = frame;
                }
                else
                {
                    outermost.Add(frame);
                }

                open.Push(frame);
            }
            else if (item is GasChargeEvent { Charge.Name: ExecutionTrace.TruncationMark })
            {
                throw new OpcodeReplayException("its trace is too long to be kept");
            }
            else if (open.TryPeek(out FrameRecord? current))
            {
                current.Add(item);
                if (current.HasEnded)
                {
                    open.Pop();
                }
            }
        }

        return outermost;
    }

    private static bool StartsWithAny(string name, string[] heads)
    {
        foreach (string head in heads)
        {
            if (name.StartsWith(head, StringComparison.Ordinal)) return true;
        }

        return false;
    }

    private void Add(ExecutionEvent item)
    {
        switch (item)
        {
            case InvokeActorEvent invoked:
                Invoked = invoked;
                break;
            case SyscallEvent syscall:
                _syscalls.Add((syscall, syscall.Name == "send.send" ? _unsent : null));
                _unsent = null;
                _exited |= syscall.Name == "vm.exit";
                LastCaused = StartsWithAny(syscall.Name, Silent) ? LastCaused : _syscalls.Count;
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
