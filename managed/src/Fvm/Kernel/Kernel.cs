namespace Fvm;

/// <summary>
/// What one actor invocation may do. A kernel checks, charges and works in the reference's order: that order is consensus. Each syscall
/// module has its own part of this class; memory and arguments of the guest are the business of <c>Syscalls</c>, not of the kernel.
/// </summary>
internal sealed partial class Kernel
{
    private readonly MessageExecution _execution;
    private readonly IReentry _reentry;

    /// <param name="execution">The message that the invocation is part of.</param>
    /// <param name="reentry">Where sends go.</param>
    /// <param name="call">The call that the actor answers.</param>
    /// <param name="receiver">The actor that the call's address resolved to.</param>
    internal Kernel(MessageExecution execution, IReentry reentry, in Call call, ActorId receiver)
    {
        _execution = execution;
        _reentry = reentry;
        Caller = call.From;
        Receiver = receiver;
        Method = call.Method;
        ValueReceived = call.Value;
        IsReadOnly = call.ReadOnly;
        Blocks = new BlockRegistry(execution.Rules.TracksLinks, execution.Rules.Machine.OnlyDagCbor);
    }

    /// <summary>The actor that called.</summary>
    public ActorId Caller { get; }

    /// <summary>The actor that runs.</summary>
    public ActorId Receiver { get; }

    /// <summary>The method that was called.</summary>
    public MethodNumber Method { get; }

    /// <summary>attoFIL that came with the call.</summary>
    public TokenAmount ValueReceived { get; }

    /// <summary>Whether the call must leave the state as it is.</summary>
    public bool IsReadOnly { get; }

    /// <summary>The invocation's open blocks.</summary>
    public BlockRegistry Blocks { get; }

    /// <summary>The message that the invocation is part of.</summary>
    public MessageExecution Execution => _execution;

    private PriceList Prices => _execution.Prices;

    private bool TryCharge(in GasCharge charge) => _execution.Gas.TryCharge(charge);
}
