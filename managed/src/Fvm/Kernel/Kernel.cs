namespace Fvm;

/// <summary>
/// The operations available to one actor invocation. A kernel checks, charges and works in the reference's order: that order is consensus. Each
/// syscall module has its own part of this class; guest memory and arguments are handled in <c>Syscalls</c>, not here.
/// </summary>
internal sealed partial class Kernel
{
    private readonly MessageExecution _execution;
    private readonly IReentry _reentry;

    /// <param name="execution">The message's execution.</param>
    /// <param name="reentry">Receives sends.</param>
    /// <param name="call">The current call.</param>
    /// <param name="receiver">The actor to which the call's address resolved.</param>
    internal Kernel(MessageExecution execution, IReentry reentry, in Call call, ActorId receiver)
    {
        _execution = execution;
        _reentry = reentry;
        Caller = call.From;
        Receiver = receiver;
        Method = call.Method;
        ValueReceived = call.Value;
        IsReadOnly = call.ReadOnly;
        Blocks = execution.BlockCache.Rent(execution.Rules);
    }

    /// <summary>The calling actor.</summary>
    public ActorId Caller { get; }

    /// <summary>The running actor.</summary>
    public ActorId Receiver { get; }

    /// <summary>The called method.</summary>
    public MethodNumber Method { get; }

    /// <summary>The value transferred with the call, in attoFIL.</summary>
    public TokenAmount ValueReceived { get; }

    /// <summary>Whether the call is read-only: it must not change the state.</summary>
    public bool IsReadOnly { get; }

    /// <summary>The invocation's open blocks.</summary>
    public BlockRegistry Blocks { get; }

    /// <summary>The message's execution.</summary>
    public MessageExecution Execution => _execution;

    /// <summary>Ends the invocation: its blocks are closed.</summary>
    public void End() => _execution.BlockCache.Return(Blocks);

    private PriceList Prices => _execution.Prices;

    private bool TryCharge(in GasCharge charge) => _execution.Gas.TryCharge(charge);
}
