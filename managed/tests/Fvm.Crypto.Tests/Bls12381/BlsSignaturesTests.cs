using NUnit.Framework;

namespace Fvm.Crypto.Tests;

internal sealed class BlsSignaturesTests
{
    // A key, a message and its signature, generated with the crate bls-signatures.
    private static readonly byte[] Key = Convert.FromHexString(
        "a72c15a93c0c0cd125b3926daf6200cb7a15e527ae833346a86a197e61700b0d739b841f149cff3403b45fb3fbd23606");

    private static readonly byte[] Message = Convert.FromHexString(
        "31606f8dcfff5418832337d90636b2e2121ea36d");

    private static readonly byte[] Signature = Convert.FromHexString(
        "8c86d84ce862601232f3a19ade7efeb2475cf3541b57e6beff8c90792b5323af0f87a167e775ce86f29afbcc5c6c583f"
        + "10f4392f343b5b0d472530750da168c999f6b4b1336106783aa5878558c9018d133caa1927f71e748922b0d762746655");

    private static readonly byte[] InfinitySignature = [0xc0, .. new byte[95]];
    private static readonly byte[] InfinityKey = [0xc0, .. new byte[47]];

    [Test]
    public void A_good_signature_is_valid() => Assert.That(BlsPaths.Verify(Signature, Key, [Message]), Is.EqualTo(BlsVerdict.Valid));

    [Test]
    public void A_changed_message_is_invalid([Values(0, 1, 5)] int at)
    {
        byte[] message = [.. Message];
        message[at] ^= 0x10;
        Assert.That(BlsPaths.Verify(Signature, Key, [message]), Is.EqualTo(BlsVerdict.Invalid));
    }

    [Test]
    public void The_opposite_signature_or_key_is_invalid()
    {
        // Inverting the flag of the larger y negates the point.
        byte[] signature = [.. Signature];
        signature[0] ^= 0x20;
        byte[] key = [.. Key];
        key[0] ^= 0x20;
        Assert.That(BlsPaths.Verify(signature, Key, [Message]), Is.EqualTo(BlsVerdict.Invalid));
        Assert.That(BlsPaths.Verify(Signature, key, [Message]), Is.EqualTo(BlsVerdict.Invalid));
        Assert.That(BlsPaths.Verify(signature, key, [Message]), Is.EqualTo(BlsVerdict.Valid));
    }

    [Test]
    public void Nothing_to_verify_is_valid_whatever_the_signature()
    {
        Assert.That(BlsSignatures.VerifyAggregate(InfinitySignature, [], []), Is.EqualTo(BlsVerdict.Valid));
        Assert.That(BlsSignatures.VerifyAggregate(new byte[96], [], []), Is.EqualTo(BlsVerdict.Valid));
    }

    [Test]
    public void Numbers_of_keys_and_messages_must_agree()
    {
        Assert.That(BlsSignatures.VerifyAggregate(Signature, Key, []), Is.EqualTo(BlsVerdict.Malformed));
        Assert.That(BlsSignatures.VerifyAggregate(Signature, Key, [Message, Key]), Is.EqualTo(BlsVerdict.Malformed));
        Assert.That(BlsSignatures.VerifyAggregate(Signature, [], [Message]), Is.EqualTo(BlsVerdict.Malformed));
        Assert.That(BlsSignatures.VerifyAggregate(Signature, Key.AsSpan(1), [Message]), Is.EqualTo(BlsVerdict.Malformed));
    }

    [Test]
    public void A_key_at_infinity_is_invalid_alone_and_among_others()
    {
        Assert.That(BlsPaths.Verify(InfinitySignature, InfinityKey, [Message]), Is.EqualTo(BlsVerdict.Invalid));
        byte[] keys = [.. Key, .. InfinityKey];
        Assert.That(BlsPaths.Verify(Signature, keys, [Message, InfinityKey]), Is.EqualTo(BlsVerdict.Invalid));
    }

    [Test]
    public void A_signature_at_infinity_is_readable_but_invalid() =>
        Assert.That(BlsPaths.Verify(InfinitySignature, Key, [Message]), Is.EqualTo(BlsVerdict.Invalid));

    [Test]
    public void Equal_messages_are_invalid_even_where_the_pairings_agree()
    {
        // The same message under a key and its negation: the signatures cancel, and so do the pairings.
        byte[] opposite = [.. Key];
        opposite[0] ^= 0x20;
        byte[] keys = [.. Key, .. opposite];
        Assert.That(BlsPaths.Verify(InfinitySignature, keys, [Message, Message]), Is.EqualTo(BlsVerdict.Invalid));
        Assert.That(BlsPaths.Verify(InfinitySignature, keys, [Message, InfinityKey]), Is.EqualTo(BlsVerdict.Invalid));
    }

    [Test]
    public void A_malformed_key_outweighs_a_bad_signature_and_equal_messages()
    {
        byte[] keys = [.. Key, .. new byte[48]];
        Assert.That(BlsPaths.Verify(InfinitySignature, keys, [Message, Message]), Is.EqualTo(BlsVerdict.Malformed));
    }

    [Test]
    public void An_empty_message_is_a_message_like_any_other() =>
        Assert.That(BlsSignatures.Verify(Signature, Key, []), Is.EqualTo(BlsVerdict.Invalid));
}
