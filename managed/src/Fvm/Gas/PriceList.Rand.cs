namespace Fvm;

/// <content>Randomness.</content>
public sealed partial class PriceList
{
    // The bytes hashed in Hygge in addition to the entropy: domain, digest, round.
    private const int DrawnLength = 8 + 32 + 8;

    /// <summary>Asking the host for randomness, from Watermelon on.</summary>
    /// <param name="lookback">The distance from the current epoch, in epochs.</param>
    public GasCharge OnGetRandomness(long lookback) => Otherwise("OnGetRandomness", OfLookback(lookback));

    /// <summary>Asking the host for randomness and drawing from it, in Skyr and Hygge.</summary>
    /// <param name="length">The length of the entropy, in bytes.</param>
    public GasCharge OnGetRandomnessWithEntropy(int length) => Rules.ExternsAreComputation
        ? Computing("OnGetRandomness", this[Price.Extern])
        : Otherwise(
            "OnGetRandomness",
            this[Price.Randomness] + this[Price.HashBlake2b256PerByte] * ((ulong)length + DrawnLength));
}
