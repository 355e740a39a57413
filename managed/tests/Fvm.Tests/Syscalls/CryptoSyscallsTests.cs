using System.Buffers.Binary;
using System.Security.Cryptography;
using Fvm.Crypto;
using NUnit.Framework;

namespace Fvm.Tests;

/// <summary>Signatures and hashes. The primitives have tests of their own.</summary>
public sealed partial class CryptoSyscallsTests
{
    private const ulong Secp = 1;
    private const ulong Bls = 2;
    private static readonly byte[] Text = "a text to be signed"u8.ToArray();

    // r = s = 1, for which a key exists whatever the signed hash.
    private static readonly byte[] Signature = [.. new byte[31], 1, .. new byte[31], 1, 0];

    private static readonly (ulong Code, string Digest)[] Digests =
    [
        (0x12, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (0x1b, "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45"),
        (0xb220, "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319"),
        (0xb240,
            "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d1"
            + "7d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923"),
        (0x1053, "8eb208f7e05d987a9b044a8e98c6b087f15a0bfc"),
    ];

    private static IEnumerable<ulong> Codes => Digests.Select(static d => d.Code);

    [Test]
    public void Verify_signature_of_a_secp256k1_address()
    {
        using SyscallHarness actor = new();
        GasCharge charge = actor.Prices.OnVerifySignature(SignatureType.Secp256k1, Text.Length);
        Assert.That(Verify(actor, Secp, Signature, Signer(), Text).Succeeds(charge).U32, Is.Zero);
        Assert.That(Verify(actor, Secp, Signature, TestState.SenderKey, Text).Succeeds(charge).U32, Is.EqualTo(uint.MaxValue));
    }

    [TestCase(Secp, 64)]
    [TestCase(Secp, 66)]
    [TestCase(Secp, 0)]
    [TestCase(Bls, 96)]
    [TestCase(Bls, 0)]
    public void Verify_signature_that_is_malformed_or_of_another_kind_does_not_hold(ulong type, int length)
    {
        using SyscallHarness actor = new();
        foreach (Address signer in (Address[])[Signer(), TestState.BlsKey])
        {
            SyscallResult result = Verify(actor, type, new byte[length], signer, Text);
            Assert.That(result.Succeeds(actor.Prices.OnVerifySignature((SignatureType)type, Text.Length)).U32, Is.EqualTo(uint.MaxValue));
        }
    }

    [TestCase(0UL)]
    [TestCase(3UL)]
    [TestCase(uint.MaxValue)]
    public void Verify_signature_of_an_unknown_type_costs_only_the_call(ulong type)
    {
        using SyscallHarness actor = new();
        actor.Call("crypto", "verify_signature", type, uint.MaxValue, 1, uint.MaxValue, 1, uint.MaxValue, 1).Fails(ErrorNumber.IllegalArgument);
    }

    [Test]
    public void Verify_signature_of_no_key_address_is_illegal_after_the_charge()
    {
        using SyscallHarness actor = new();
        foreach (Address signer in (Address[])[Address.NewId(100), TestState.ActorAddress, TestState.EthAccountAddress])
        {
            Verify(actor, Secp, Signature, signer, Text)
                .Fails(ErrorNumber.IllegalArgument, actor.Prices.OnVerifySignature(SignatureType.Secp256k1, Text.Length));
        }
    }

    [TestCaseSource(typeof(Bounds), nameof(Bounds.Outside))]
    public void Verify_signature_with_arguments_outside_of_memory_costs_only_the_call(uint offset, uint length)
    {
        using SyscallHarness actor = new();
        actor.Write(0, TestState.SenderKey.ToBytes());
        actor.Call("crypto", "verify_signature", Secp, offset, length, 0, 21, 0, 1).Fails(ErrorNumber.IllegalArgument);
        actor.Call("crypto", "verify_signature", Secp, 0, 65, offset, length, 0, 1).Fails(ErrorNumber.IllegalArgument);
        actor.Call("crypto", "verify_signature", Secp, 0, 65, 0, 21, offset, length).Fails(ErrorNumber.IllegalArgument);
        actor.Call("crypto", "verify_signature", Secp, 0, 65, 0, 20, 0, 1).Fails(ErrorNumber.IllegalArgument);
    }

    [Test]
    public void Verify_signature_runs_out_of_gas_at_each_charge() =>
        SyscallResult.RunsOutAtEachCharge(static () => new(), static actor => Verify(actor, Secp, Signature, Signer(), Text));

    [Test]
    public void Verify_bls_aggregate_of_nobody_holds()
    {
        using SyscallHarness actor = new();
        SyscallResult result = actor.Call("crypto", "verify_bls_aggregate", 0, 0, Bounds.End, Bounds.End, Bounds.End);
        Assert.That(result.Succeeds(actor.Prices.OnVerifyAggregateSignature(0, 0)).U32, Is.Zero);
    }

    [Test]
    public void Verify_bls_aggregate_of_malformed_points_does_not_hold()
    {
        using SyscallHarness actor = new();
        SyscallResult result = Aggregate(actor, [3, 4], 7);
        Assert.That(result.Succeeds(actor.Prices.OnVerifyAggregateSignature(2, 7)).U32, Is.EqualTo(uint.MaxValue));
    }

    // The sum of the lengths wraps at 32 bits as in the reference, so it can be in bounds while a text is not.
    [TestCase(new uint[] { 7, uint.MaxValue }, 6)]
    [TestCase(new uint[] { 0x8000_0000, 0x8000_0000 }, 0)]
    public void Verify_bls_aggregate_whose_lengths_wrap_is_illegal_after_the_charge(uint[] lengths, int sum)
    {
        using SyscallHarness actor = new();
        Aggregate(actor, lengths, sum).Fails(ErrorNumber.IllegalArgument, actor.Prices.OnVerifyAggregateSignature(2, sum));
    }

    [TestCase(89_478_486u)]
    [TestCase(uint.MaxValue)]
    [TestCase(2_731u)]
    public void Verify_bls_aggregate_of_too_many_signers_costs_only_the_call(uint signers)
    {
        using SyscallHarness actor = new();
        actor.Call("crypto", "verify_bls_aggregate", signers, 0, 0, 0, 0).Fails(ErrorNumber.IllegalArgument);
    }

    [Test]
    public void Verify_bls_aggregate_with_arguments_outside_of_memory_costs_only_the_call()
    {
        using SyscallHarness actor = new();
        const uint Lengths = 1_000;
        BinaryPrimitives.WriteUInt32LittleEndian(actor.Memory[(int)Lengths..], 5);
        actor.Call("crypto", "verify_bls_aggregate", 1, Bounds.End - 95, 0, 0, Lengths).Fails(ErrorNumber.IllegalArgument);
        actor.Call("crypto", "verify_bls_aggregate", 1, 0, Bounds.End - 47, 0, Lengths).Fails(ErrorNumber.IllegalArgument);
        actor.Call("crypto", "verify_bls_aggregate", 1, 0, 0, 0, Bounds.End - 3).Fails(ErrorNumber.IllegalArgument);
        actor.Call("crypto", "verify_bls_aggregate", 1, 0, 0, Bounds.End - 4, Lengths).Fails(ErrorNumber.IllegalArgument);
        actor.Call("crypto", "verify_bls_aggregate", 1, Bounds.End - 96, Bounds.End - 48, Bounds.End - 5, Lengths)
            .Succeeds(actor.Prices.OnVerifyAggregateSignature(1, 5));
    }

    [Test]
    public void Verify_bls_aggregate_runs_out_of_gas_at_each_charge() =>
        SyscallResult.RunsOutAtEachCharge(static () => new(), static actor => Aggregate(actor, [3], 3));

    [Test]
    public void Recover_secp_public_key_gives_the_key()
    {
        using SyscallHarness actor = new();
        byte[] expected = new byte[65];
        byte[] hash = SHA256.HashData(Text);
        Assert.That(Secp256k1.TryRecover(hash, Signature, expected));
        Assert.That(Recover(actor, hash, Signature).Succeeds(actor.Prices.OnRecoverSecpPublicKey()).Result, Is.EqualTo(expected));
    }

    [TestCase(0, (byte)0)]
    [TestCase(64, (byte)4)]
    public void Recover_secp_public_key_from_what_is_no_signature_is_illegal_after_the_charge(int at, byte value)
    {
        using SyscallHarness actor = new();
        byte[] signature = at == 0 ? new byte[65] : [.. Signature];
        signature[at] = value;
        Recover(actor, SHA256.HashData(Text), signature).Fails(ErrorNumber.IllegalArgument, actor.Prices.OnRecoverSecpPublicKey());
    }

    [TestCase(Bounds.End - 31, 0u)]
    [TestCase(uint.MaxValue, 0u)]
    [TestCase(0u, Bounds.End - 64)]
    [TestCase(0u, uint.MaxValue)]
    public void Recover_secp_public_key_with_arguments_outside_of_memory_costs_only_the_call(uint hash, uint signature)
    {
        using SyscallHarness actor = new();
        actor.Call("crypto", "recover_secp_public_key", hash, signature).Fails(ErrorNumber.IllegalArgument);
    }

    [Test]
    public void Recover_secp_public_key_runs_out_of_gas_at_each_charge() =>
        SyscallResult.RunsOutAtEachCharge(static () => new(), static actor => Recover(actor, SHA256.HashData(Text), Signature));

    [TestCaseSource(nameof(Codes))]
    public void Hash_gives_the_digest_and_costs_by_function_and_length(ulong code)
    {
        using SyscallHarness actor = new();
        byte[] expected = Convert.FromHexString(Digests.Single(d => d.Code == code).Digest);
        GasCharge charge = actor.Prices.OnHashing((SupportedHash)code, 3);
        actor.Write(Bounds.End - 3, "abc"u8);
        SyscallResult result = actor.Call("crypto", "hash", code, Bounds.End - 3, 3, 0, 100);
        Assert.That(result.Succeeds(charge).U32, Is.EqualTo(expected.Length));
        Assert.That(actor.Read(0, 100), Is.EqualTo(expected.Concat(new byte[100 - expected.Length])));
    }

    [TestCaseSource(nameof(Codes))]
    public void Hash_into_too_small_a_buffer_gives_the_digest_s_beginning(ulong code)
    {
        using SyscallHarness actor = new();
        byte[] expected = Convert.FromHexString(Digests.Single(d => d.Code == code).Digest);
        GasCharge charge = actor.Prices.OnHashing((SupportedHash)code, 3);
        actor.Write(0, "abc"u8);
        Assert.That(actor.Call("crypto", "hash", code, 0, 3, 100, 7).Succeeds(charge).U32, Is.EqualTo(7));
        Assert.That(actor.Read(100, 8), Is.EqualTo(expected.Take(7).Append((byte)0)));
        Assert.That(actor.Call("crypto", "hash", code, 0, 3, Bounds.End, 0).Succeeds(charge).U32, Is.Zero);
    }

    [Test]
    public void Hash_may_write_over_what_it_hashes()
    {
        using SyscallHarness actor = new();
        actor.Write(0, "abc"u8);
        Assert.That(actor.Call("crypto", "hash", 0x12, 0, 3, 1, 32).Number, Is.Zero);
        Assert.That(Convert.ToHexStringLower(actor.Read(1, 32)), Is.EqualTo(Digests[0].Digest));
    }

    [TestCase(0UL)]
    [TestCase(0x13UL)]
    [TestCase(0xdeadUL)]
    [TestCase(0x1_0000_0012UL)]
    public void Hash_with_an_unknown_code_is_illegal_and_costs_only_the_call(ulong code)
    {
        using SyscallHarness actor = new();
        actor.Call("crypto", "hash", code, 0, 3, 0, 100).Fails(ErrorNumber.IllegalArgument);
    }

    [TestCaseSource(typeof(Bounds), nameof(Bounds.Outside))]
    public void Hash_with_buffers_outside_of_memory_costs_only_the_call(uint offset, uint length)
    {
        using SyscallHarness actor = new();
        actor.Call("crypto", "hash", 0x12, offset, length, 0, 32).Fails(ErrorNumber.IllegalArgument);
        actor.Call("crypto", "hash", 0x12, 0, 3, offset, length).Fails(ErrorNumber.IllegalArgument);
    }

    [Test]
    public void Hash_runs_out_of_gas_at_each_charge() =>
        SyscallResult.RunsOutAtEachCharge(static () => new(), static actor => actor.Call("crypto", "hash", 0x12, 0, 1_000, 0, 32));

    private static Address Signer()
    {
        byte[] hash = new byte[32];
        byte[] key = new byte[65];
        Blake2b.Hash256(Text, hash);
        Assert.That(Secp256k1.TryRecover(hash, Signature, key));
        return Address.NewSecp256k1(key);
    }

    private static SyscallResult Verify(SyscallHarness actor, ulong type, byte[] signature, in Address signer, byte[] text)
    {
        byte[] address = signer.ToBytes();
        actor.Write(0, signature);
        actor.Write(1_000, address);
        actor.Write(2_000, text);
        return actor.Call(
            "crypto", "verify_signature", type, 0, (uint)signature.Length, 1_000, (uint)address.Length, 2_000, (uint)text.Length);
    }

    private static SyscallResult Aggregate(SyscallHarness actor, uint[] lengths, int textLength)
    {
        const uint Lengths = 4_000;
        for (int i = 0; i < lengths.Length; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(actor.Memory[((int)Lengths + 4 * i)..], lengths[i]);
        }

        return actor.Call("crypto", "verify_bls_aggregate", (uint)lengths.Length, 0, 1_000, Bounds.End - (uint)textLength, Lengths);
    }

    private static SyscallResult Recover(SyscallHarness actor, byte[] hash, byte[] signature)
    {
        actor.Write(0, hash);
        actor.Write(Bounds.End - 65, signature);
        SyscallResult result = actor.Call("crypto", "recover_secp_public_key", 0, Bounds.End - 65);
        return result;
    }
}
