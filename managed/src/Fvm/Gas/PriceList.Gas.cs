namespace Fvm;

/// <content>Charges requested by actors.</content>
public sealed partial class PriceList
{
    /// <summary>A charge requested by an actor, under the actor's name for it.</summary>
    public static GasCharge OnChargeGas(string name, ulong gas) => Computing(name, Gas.Of(gas));
}
