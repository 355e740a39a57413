namespace Fvm;

/// <content>The actor that runs: its state root and balance.</content>
public sealed partial class PriceList
{
    /// <summary>Reading the state root. Lists before Watermelon make no charge.</summary>
    public GasCharge? OnGetRoot() => IsSkyr || IsHygge ? null : Computing("OnActorGetRoot", this[Price.LinkTracked]);

    /// <summary>Setting the state root. Lists before Watermelon make no charge.</summary>
    public GasCharge? OnSetRoot() => IsSkyr || IsHygge ? null : Computing("OnActorSetRoot", this[Price.LinkChecked]);

    public GasCharge OnSelfBalance() => Computing("OnSelfBalance", Gas.Zero);
}
