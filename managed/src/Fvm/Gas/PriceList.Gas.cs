namespace Fvm;

/// <content>Gas that an actor charges itself.</content>
public sealed partial class PriceList
{
    /// <summary>A charge that an actor asks for, under the name that it gives.</summary>
    public static GasCharge OnChargeGas(string name, ulong gas) => Computing(name, Gas.Of(gas));
}
