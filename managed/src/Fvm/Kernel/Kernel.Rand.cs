namespace Fvm;

public sealed partial class Kernel
{
    /// <summary>32 bytes of the ticket chain's randomness at an epoch.</summary>
    public Outcome GetChainRandomness(ChainEpoch epoch, Span<byte> randomness) => GetRandomness(epoch, randomness, fromBeacon: false);

    /// <summary>32 bytes of the beacon's randomness at an epoch.</summary>
    public Outcome GetBeaconRandomness(ChainEpoch epoch, Span<byte> randomness) => GetRandomness(epoch, randomness, fromBeacon: true);

    private Outcome GetRandomness(ChainEpoch epoch, Span<byte> randomness, bool fromBeacon)
    {
        long now = _execution.Context.Epoch.Value;
        long lookback = unchecked(now - epoch.Value);

        // Only an overflow is refused: an epoch in the future is the node's to refuse.
        if (((now ^ epoch.Value) & (now ^ lookback)) < 0)
        {
            return Outcome.Error(ErrorNumber.IllegalArgument, $"randomness epoch {epoch} is in the future");
        }

        if (!TryCharge(Prices.OnGetRandomness(lookback)))
        {
            return Outcome.OutOfGas;
        }

        try
        {
            IExterns externs = _execution.Machine.Externs;
            byte[] bytes = fromBeacon ? externs.GetBeaconRandomness(epoch) : externs.GetChainRandomness(epoch);
            if (bytes.Length != randomness.Length)
            {
                return Outcome.Fatal($"the node gave {bytes.Length} bytes of randomness instead of {randomness.Length}");
            }

            bytes.CopyTo(randomness);
            return Outcome.Ok;
        }
        catch (ExternException e)
        {
            return Outcome.Error(ErrorNumber.IllegalArgument, e.Message);
        }
    }
}
