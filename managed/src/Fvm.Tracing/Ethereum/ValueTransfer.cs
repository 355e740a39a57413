namespace Fvm.Tracing;

/// <summary>A movement of value by a call that succeeded, as did all calls around it. Gas is paid otherwise.</summary>
/// <param name="From">The caller.</param>
/// <param name="To">The receiver, or the created contract.</param>
/// <param name="Value">The value, not zero.</param>
/// <param name="EventsBefore">How many of the message's events were emitted before.</param>
public readonly record struct ValueTransfer(EthAddress From, EthAddress To, TokenAmount Value, int EventsBefore);
