namespace Fvm;

/// <content>The chain context of the message.</content>
public sealed partial class PriceList
{
    public GasCharge OnNetworkContext() => Computing("OnNetworkContext", this[Price.NetworkContext]);

    /// <summary>Asking the host for a tipset CID. Hygge has one price for the parent and one for all earlier tipsets.</summary>
    /// <param name="lookback">The distance from the current epoch, in epochs.</param>
    public GasCharge OnTipsetCid(long lookback)
    {
        Gas gas = Rules.TipsetCidsCostByDistance
            ? this[lookback > 1 ? Price.TipsetCidHistorical : Price.TipsetCidLatest]
            : OfLookback(lookback);
        return Otherwise("OnTipsetCid", gas);
    }

    // Unsigned: the kernel has rejected future epochs, for which this would be huge.
    private Gas OfLookback(long epochs) => this[Price.Lookback] + this[Price.LookbackPerEpoch] * unchecked((ulong)epochs);
}
