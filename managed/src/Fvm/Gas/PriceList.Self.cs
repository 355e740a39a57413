namespace Fvm;

/// <content>The running actor: its state root and balance.</content>
public sealed partial class PriceList
{
    /// <summary>Reading the state root. No charge before Watermelon.</summary>
    public GasCharge OnGetRoot() => Links(Computing("OnActorGetRoot", this[Price.LinkTracked]));

    /// <summary>Setting the state root. No charge before Watermelon.</summary>
    public GasCharge OnSetRoot() => Links(Computing("OnActorSetRoot", this[Price.LinkChecked]));

    /// <summary>Reading the balance. No charge in Skyr.</summary>
    public GasCharge OnSelfBalance() => Access(Computing("OnSelfBalance", Gas.Zero));
}
