namespace Fvm;

/// <summary>An actor called another, or a message its receiver; whether the call comes about or not.</summary>
/// <param name="From">The caller.</param>
/// <param name="To">The receiver as the caller names it.</param>
/// <param name="Method">The method.</param>
/// <param name="Params">The parameters; null for none.</param>
/// <param name="Value">The amount sent along.</param>
/// <param name="GasLimit">Whole gas: what the call may use, rounded up.</param>
/// <param name="ReadOnly">Whether the callee may change nothing.</param>
public sealed record CallEvent(
    ActorId From, Address To, MethodNumber Method, IpldBlock? Params, TokenAmount Value, ulong GasLimit, bool ReadOnly)
    : ExecutionEvent;
