namespace Fvm;

internal sealed partial class Kernel
{
    /// <summary>Charges gas at the actor's request, in whole gas.</summary>
    public Outcome ChargeGas(string name, ulong gas) => Outcome.Charged(_execution.Gas.TryCharge(name, Gas.Of(gas)));

    /// <summary>Charges gas at the actor's request; a negative amount refunds gas (before NV18).</summary>
    public Outcome ChargeSignedGas(string name, long gas) => Outcome.Charged(_execution.Gas.TryCharge(gas >= 0
        ? new GasCharge(name, Gas.Of((ulong)gas), Gas.Zero)
        : new GasCharge(name, Gas.Zero, Gas.Zero) { Refund = Gas.Of(unchecked((ulong)-gas)) }));

    /// <summary>The remaining gas, in whole gas, rounded down. Free of charge.</summary>
    public ulong GasAvailable() => _execution.Gas.Available.RoundDown();
}
