using System.Buffers.Binary;
using Fvm.Crypto;

namespace Fvm;

internal sealed partial class Kernel
{
    /// <summary>The length of randomness returned to actors, in bytes.</summary>
    public const int RandomnessLength = 32;

    /// <summary>32 bytes of ticket randomness at an epoch.</summary>
    public Outcome GetChainRandomness(ChainEpoch epoch, Span<byte> randomness) => GetRandomness(epoch, randomness, fromBeacon: false);

    /// <summary>32 bytes of beacon randomness at an epoch.</summary>
    public Outcome GetBeaconRandomness(ChainEpoch epoch, Span<byte> randomness) => GetRandomness(epoch, randomness, fromBeacon: true);

    private Outcome GetRandomness(ChainEpoch epoch, Span<byte> randomness, bool fromBeacon)
    {
        long now = _execution.Context.Epoch.Value;
        long lookback = unchecked(now - epoch.Value);

        // Only an overflow is rejected: rejecting future epochs is left to the host.
        if (((now ^ epoch.Value) & (now ^ lookback)) < 0)
        {
            return Outcome.Error(ErrorNumber.IllegalArgument, $"randomness epoch {epoch} is in the future");
        }

        if (!TryCharge(Prices.OnGetRandomness(lookback))) return Outcome.OutOfGas;

        return AskForRandomness(epoch, randomness, fromBeacon);
    }

    /// <summary>32 bytes drawn from the ticket randomness at an epoch, for a purpose and with entropy (before NV21).</summary>
    public Outcome DrawChainRandomness(long purpose, ChainEpoch epoch, ReadOnlySpan<byte> entropy, Span<byte> randomness) =>
        DrawRandomness(purpose, epoch, entropy, randomness, fromBeacon: false);

    /// <summary>32 bytes drawn from the beacon randomness at an epoch, for a purpose and with entropy (before NV21).</summary>
    public Outcome DrawBeaconRandomness(long purpose, ChainEpoch epoch, ReadOnlySpan<byte> entropy, Span<byte> randomness) =>
        DrawRandomness(purpose, epoch, entropy, randomness, fromBeacon: true);

    private Outcome DrawRandomness(long purpose, ChainEpoch epoch, ReadOnlySpan<byte> entropy, Span<byte> randomness, bool fromBeacon)
    {
        if (!TryCharge(Prices.OnGetRandomnessWithEntropy(entropy.Length))) return Outcome.OutOfGas;

        Span<byte> seed = stackalloc byte[RandomnessLength];
        if (AskForRandomness(epoch, seed, fromBeacon).Failed(out Outcome outcome)) return outcome;

        Span<byte> number = stackalloc byte[sizeof(long)];
        Blake2bHasher hasher = new(RandomnessLength);
        BinaryPrimitives.WriteInt64BigEndian(number, purpose);
        hasher.Update(number);
        hasher.Update(seed);
        BinaryPrimitives.WriteInt64BigEndian(number, epoch.Value);
        hasher.Update(number);
        hasher.Update(entropy);
        hasher.Finish(randomness);
        return Outcome.Ok;
    }

    private Outcome AskForRandomness(ChainEpoch epoch, Span<byte> randomness, bool fromBeacon)
    {
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
