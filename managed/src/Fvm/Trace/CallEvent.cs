namespace Fvm;

/// <summary>A call begins: of an actor by another, or of a message's receiver. It may fail before the receiver is invoked.</summary>
/// <param name="From">The caller.</param>
/// <param name="To">The receiver's address as given by the caller.</param>
/// <param name="Method">The method.</param>
/// <param name="Params">The parameters; null for none.</param>
/// <param name="Value">The value transferred.</param>
/// <param name="GasLimit">The call's gas limit in whole gas, rounded up.</param>
/// <param name="ReadOnly">Whether the call is read-only.</param>
public sealed record CallEvent(
    ActorId From, Address To, MethodNumber Method, IpldBlock? Params, TokenAmount Value, ulong GasLimit, bool ReadOnly)
    : ExecutionEvent;
