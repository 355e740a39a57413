namespace Fvm;

/// <summary>A call of one actor by another, or of a message's receiver by its sender.</summary>
/// <param name="From">The caller.</param>
/// <param name="To">The receiver; created where its address allows it.</param>
/// <param name="Method">The method; 0 only transfers.</param>
/// <param name="Parameters">The parameters; null for none.</param>
/// <param name="Value">attoFIL to transfer first.</param>
/// <param name="GasLimit">A limit for this call alone, or null for all that is left.</param>
/// <param name="ReadOnly">Whether the call must leave the state as it is.</param>
internal readonly record struct Call(
    ActorId From, Address To, MethodNumber Method, Block? Parameters, TokenAmount Value, Gas? GasLimit, bool ReadOnly);
