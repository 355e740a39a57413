using Fvm.Actors;

namespace Fvm.Tracing;

/// <summary>A call of an actor in a message's trace.</summary>
public sealed class CallNode
{
    private readonly List<CallNode> _calls = [];
    private readonly List<EmittedEvent> _events = [];
    private readonly List<string> _logs = [];

    internal CallNode(CallEvent call) => Call = call;

    /// <summary>The call as its caller made it.</summary>
    public CallEvent Call { get; }

    /// <summary>The receiver with its state before the call; null if the call failed before it was resolved.</summary>
    public InvokeActorEvent? Invoked { get; private set; }

    /// <summary>The end of a call whose receiver was invoked; null otherwise.</summary>
    public CallReturnEvent? Return { get; private set; }

    /// <summary>The end of a call that failed before its receiver was invoked; null otherwise.</summary>
    public CallErrorEvent? Error { get; private set; }

    /// <summary>Whether the trace has the call's end.</summary>
    public bool HasEnded => Return is not null || Error is not null;

    /// <summary>The exit code: a failure's as the message would leave it on the chain, that of success for a call without end.</summary>
    public ExitCode ExitCode => Error is not null ? ExitCode.OfUndispatched(Error.Error) : Return?.ExitCode ?? ExitCode.Ok;

    /// <summary>The receiver's name in the manifest; null if it is not a builtin actor.</summary>
    public string? Actor { get; private set; }

    /// <summary>The method, if the receiver is a builtin actor.</summary>
    public ActorMethod? Method { get; private set; }

    /// <summary>Gas charged to the call without the calls in it.</summary>
    public Gas OwnGas { get; private set; }

    /// <summary>Gas charged to the calls in it.</summary>
    public Gas InnerGas { get; private set; }

    /// <summary>Gas charged to the call and the calls in it.</summary>
    public Gas TotalGas => OwnGas + InnerGas;

    /// <summary>The charges of <see cref="OwnGas"/>, each rounded up to whole gas before the addition, as nodes do.</summary>
    public ulong OwnGasRounded { get; private set; }

    /// <summary>The number of calls below it, at any depth.</summary>
    public int Descendants { get; private set; }

    /// <summary>The calls that it made, in order.</summary>
    public IReadOnlyList<CallNode> Calls => _calls;

    /// <summary>The events that it emitted and that were not reverted.</summary>
    public IReadOnlyList<EmittedEvent> Events => _events;

    /// <summary>The logs of its actor, with actor debugging on.</summary>
    public IReadOnlyList<string> Logs => _logs;

    /// <summary>The parameters by name; null if there are none or the method is not known.</summary>
    public DecodedValue? Parameters => Method?.DecodeParameters(Call.Params);

    /// <summary>The return value by name; null if there is none or the method is not known.</summary>
    public DecodedValue? Result => Method?.DecodeResult(Return?.Value);

    /// <summary>How the call ended, human-readable.</summary>
    public string End => Error is not null ? $"error {Error.Error}" : Return?.ExitCode.Describe() ?? "no end";

    internal void Add(CallNode call) => _calls.Add(call);

    internal void Add(EmittedEvent emitted) => _events.Add(emitted);

    internal void Add(string log) => _logs.Add(log);

    internal void Add(in GasCharge charge)
    {
        OwnGas += charge.Total;
        OwnGasRounded += charge.Total.RoundUp();
    }

    internal void Close(CallNode inner)
    {
        InnerGas += inner.TotalGas;
        Descendants += inner.Descendants + 1;
    }

    internal void Invoke(InvokeActorEvent invoked, ActorNames names)
    {
        Invoked = invoked;
        Actor = names.NameOf(invoked.State.Code);
        Method = names.MethodOf(Actor, Call.Method);
    }

    internal void Finish(CallReturnEvent end) => Return = end;

    internal void Finish(CallErrorEvent end) => Error = end;
}
