namespace Fvm;

internal sealed partial class Kernel
{
    /// <summary>Charges what the actor itself asks to be charged, in whole gas.</summary>
    public Outcome ChargeGas(string name, ulong gas) => Outcome.Charged(_execution.Gas.TryCharge(name, Gas.Of(gas)));

    /// <summary>Charges what the actor itself asks to be charged; less than nothing gives gas back (before NV18).</summary>
    public Outcome ChargeSignedGas(string name, long gas) => Outcome.Charged(_execution.Gas.TryCharge(gas >= 0
        ? new GasCharge(name, Gas.Of((ulong)gas), Gas.Zero)
        : new GasCharge(name, Gas.Zero, Gas.Zero) { Refund = Gas.Of(unchecked((ulong)-gas)) }));

    /// <summary>The gas left, in whole gas, rounded down. Free.</summary>
    public ulong GasAvailable() => _execution.Gas.Available.RoundDown();
}
