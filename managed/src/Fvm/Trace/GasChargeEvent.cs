namespace Fvm;

/// <summary>A gas charge, even if it exceeded the remaining gas.</summary>
public sealed record GasChargeEvent(GasCharge Charge) : ExecutionEvent;
