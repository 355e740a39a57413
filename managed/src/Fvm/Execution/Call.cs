namespace Fvm;

/// <summary>A call of one actor by another, or of a message's receiver by its sender.</summary>
/// <param name="From">The caller.</param>
/// <param name="To">The receiver's address; the receiver is created if its address allows it.</param>
/// <param name="Method">The method; 0 for a plain transfer.</param>
/// <param name="Parameters">The parameters; null for none.</param>
/// <param name="Value">The value to transfer before the call, in attoFIL.</param>
/// <param name="GasLimit">The call's own gas limit; null for all remaining gas.</param>
/// <param name="ReadOnly">Whether the call is read-only: it must not change the state.</param>
internal readonly record struct Call(
    ActorId From, Address To, MethodNumber Method, Block? Parameters, TokenAmount Value, Gas? GasLimit, bool ReadOnly);
