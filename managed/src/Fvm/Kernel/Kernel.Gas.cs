using System.Text;

namespace Fvm;

internal sealed partial class Kernel
{
    /// <summary>Charges gas at the actor's request, in whole gas.</summary>
    /// <param name="name">The charge's name, in UTF-8.</param>
    /// <param name="gas">The amount.</param>
    public Outcome ChargeGas(ReadOnlySpan<byte> name, ulong gas) =>
        Outcome.Charged(_execution.Gas.TryCharge(PriceList.OnChargeGas(InTrace(name), gas)));

    /// <summary>Charges gas at the actor's request; a negative amount refunds gas (before NV18).</summary>
    /// <param name="name">The charge's name, in UTF-8.</param>
    /// <param name="gas">The amount.</param>
    public Outcome ChargeSignedGas(ReadOnlySpan<byte> name, long gas) => Outcome.Charged(_execution.Gas.TryCharge(gas >= 0
        ? PriceList.OnChargeGas(InTrace(name), (ulong)gas)
        : PriceList.OnChargeGas(InTrace(name), 0) with { Refund = Gas.Of(unchecked((ulong)-gas)) }));

    /// <summary>The remaining gas, in whole gas, rounded down. Free of charge.</summary>
    public ulong GasAvailable() => _execution.Gas.Available.RoundDown();

    // Nothing but a trace shows the name.
    private string InTrace(ReadOnlySpan<byte> name) => _execution.Gas.IsTraced ? Encoding.UTF8.GetString(name) : string.Empty;
}
