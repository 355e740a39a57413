namespace Fvm;

/// <content>The actor that runs: its state root and balance.</content>
public sealed partial class PriceList
{
    /// <summary>Reading the state root. Lists before Watermelon make no charge.</summary>
    public GasCharge OnGetRoot() => Links(Computing("OnActorGetRoot", this[Price.LinkTracked]));

    /// <summary>Setting the state root. Lists before Watermelon make no charge.</summary>
    public GasCharge OnSetRoot() => Links(Computing("OnActorSetRoot", this[Price.LinkChecked]));

    /// <summary>Reading the balance. Skyr makes no charge.</summary>
    public GasCharge OnSelfBalance() => Access(Computing("OnSelfBalance", Gas.Zero));
}
