using NUnit.Framework;

namespace Fvm.Crypto.Tests;

internal sealed class BlsSecretKeyTests
{
    [Test]
    public void The_public_key_of_one_is_the_generator() => Assert.That(
        Convert.ToHexStringLower(KeyOf(1).PublicKey),
        Is.EqualTo("97f1d3a73197d7942695638c4fa9ac0fc3688c4f9774b905a14e3a3f171bac586c55e83ff97a1aeffb3af00adb22c6bb"));

    [Test]
    public void A_signature_is_valid_under_its_key_and_message_alone([Values(1, 2, 3, 255)] byte number)
    {
        BlsSecretKey key = KeyOf(number, high: 0x73);
        byte[] message = [1, 2, number];
        byte[] signature = key.Sign(message);
        Assert.That(BlsPaths.Verify(signature, key.PublicKey, [message]), Is.EqualTo(BlsVerdict.Valid));
        Assert.That(BlsPaths.Verify(signature, KeyOf(9).PublicKey, [message]), Is.EqualTo(BlsVerdict.Invalid));
        Assert.That(BlsPaths.Verify(signature, key.PublicKey, [new byte[] { 1, 2 }]), Is.EqualTo(BlsVerdict.Invalid));
    }

    [Test]
    public void The_number_is_taken_modulo_the_order()
    {
        byte[] order = Convert.FromHexString("73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001");
        Assert.That(() => BlsSecretKey.Create(order), Throws.ArgumentException);
        order[^1]++;
        Assert.That(BlsSecretKey.Create(order).ToBytes(), Is.EqualTo(KeyOf(1).ToBytes()));
        Assert.That(() => BlsSecretKey.Create(new byte[31]), Throws.ArgumentException);
    }

    private static BlsSecretKey KeyOf(byte number, byte high = 0)
    {
        byte[] bytes = new byte[BlsSecretKey.Size];
        bytes[0] = high;
        bytes[^1] = number;
        return BlsSecretKey.Create(bytes);
    }
}
