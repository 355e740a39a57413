namespace Fvm;

/// <content>The chain around the message.</content>
public sealed partial class PriceList
{
    public GasCharge OnNetworkContext() => Computing("OnNetworkContext", this[Price.NetworkContext]);

    /// <summary>Asking the host for the CID of a tipset. Hygge has one price for the parent and one for all before it.</summary>
    /// <param name="lookback">Epochs back from the current one.</param>
    public GasCharge OnTipsetCid(long lookback)
    {
        Gas gas = Rules.TipsetCidsCostByDistance
            ? this[lookback > 1 ? Price.TipsetCidHistorical : Price.TipsetCidLatest]
            : OfLookback(lookback);
        return Otherwise("OnTipsetCid", gas);
    }

    // As an unsigned number: the kernel has refused the future, where it would be huge.
    private Gas OfLookback(long epochs) => this[Price.Lookback] + this[Price.LookbackPerEpoch] * unchecked((ulong)epochs);
}
