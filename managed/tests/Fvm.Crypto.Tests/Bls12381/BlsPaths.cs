using NUnit.Framework;

namespace Fvm.Crypto.Tests;

/// <summary>Verification by all implementations: for single signatures, for aggregates in lanes, and without vectors.</summary>
internal static class BlsPaths
{
    /// <summary>The verdict of <see cref="BlsSignatures"/>; asserts that the other implementations agree.</summary>
    public static BlsVerdict Verify(byte[] signature, byte[] keys, IReadOnlyList<ReadOnlyMemory<byte>> messages)
    {
        BlsVerdict verdict = BlsSignatures.VerifyAggregate(signature, keys, messages);
        bool fits = keys.Length == messages.Count * BlsSignatures.PublicKeySize && signature.Length == BlsSignatures.SignatureSize;
        if (fits && messages.Count > 0)
        {
            string what = Convert.ToHexString(signature) + " " + Convert.ToHexString(keys);
            BlsVerdict single = AggregateVerification<Fp, Fp2<Fp>, Fp12<Fp2<Fp>>>.Run(signature, keys, messages, BlsSignatures.Tag);
            Assert.That(single, Is.EqualTo(verdict), what);
            if (FpLanes.IsSupported)
            {
                BlsVerdict lanes = AggregateVerification<FpLanes, PairedFp2, PackedFp12>.Run(signature, keys, messages, BlsSignatures.Tag);
                Assert.That(lanes, Is.EqualTo(verdict), what);
            }
        }

        return verdict;
    }
}
