using Fvm.Ipld;
using NUnit.Framework;

namespace Fvm.Tests;

public sealed class SignatureTests
{
    [TestCase("4301aabb", SignatureType.Secp256k1)]
    [TestCase("4302aabb", SignatureType.Bls)]
    public void The_first_byte_is_the_kind(string hex, SignatureType type)
    {
        CborReader reader = new(Convert.FromHexString(hex));
        Signature signature = Signature.Read(ref reader);

        Assert.That(signature.Type, Is.EqualTo(type));
        Assert.That(Convert.ToHexStringLower(signature.Bytes.Span), Is.EqualTo("aabb"));
        CborWriter writer = new();
        signature.WriteTo(writer);
        Assert.That(Convert.ToHexStringLower(writer.ToArray()), Is.EqualTo(hex));
    }

    [TestCase("40")]
    [TestCase("4103")]
    [TestCase("6101")]
    public void What_is_no_signature_is_refused(string hex) => Assert.That(
        () =>
        {
            CborReader reader = new(Convert.FromHexString(hex));
            Signature.Read(ref reader);
        },
        Throws.TypeOf<CborException>());
}
