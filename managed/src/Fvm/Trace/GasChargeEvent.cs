namespace Fvm;

/// <summary>Gas was charged, or would have been had there been enough.</summary>
public sealed record GasChargeEvent(GasCharge Charge) : ExecutionEvent;
