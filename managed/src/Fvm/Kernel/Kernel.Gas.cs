namespace Fvm;

public sealed partial class Kernel
{
    /// <summary>Charges what the actor itself asks to be charged, in whole gas.</summary>
    public Outcome ChargeGas(string name, ulong gas) => Outcome.Charged(_execution.Gas.TryCharge(name, Gas.Of(gas)));

    /// <summary>The gas left, in whole gas, rounded down. Free.</summary>
    public ulong GasAvailable() => _execution.Gas.Available.RoundDown();
}
