using Fvm.Ipld;
using NUnit.Framework;

namespace Fvm.Tests;

/// <content>Syscalls, or forms of them, from before NV18.</content>
public sealed partial class CryptoSyscallsTests
{
    [Test]
    public void Verify_signature_of_any_address_of_an_account_reads_its_key_for_the_price_of_a_block()
    {
        byte[] state = new AccountActorState(Signer()).Encode();
        using SyscallHarness actor = WithAccount(state);
        PriceList p = actor.Prices;
        GasCharge charge = p.OnVerifySignature(SignatureType.Secp256k1, Text.Length);
        Assert.That(Verify(actor, Secp, Signature, Signer(), Text).Succeeds(charge).U32, Is.Zero);
        SyscallResult result = Verify(actor, Secp, Signature, Address.NewId(TestState.BlsAccount), Text);
        Assert.That(result.Succeeds(charge, p.OnBlockOpenBase(), p.OnBlockOpen(state.Length, 0)).U32, Is.Zero);
        result = Verify(actor, Secp, Signature, TestState.BlsKey, Text);
        Assert.That(result.Succeeds(charge).U32, Is.EqualTo(uint.MaxValue), "a key is taken as it is");
    }

    [TestCase(104UL, ErrorNumber.IllegalArgument)]
    [TestCase(999UL, ErrorNumber.NotFound)]
    public void Verify_signature_of_no_account_fails_after_the_charge(ulong id, ErrorNumber number)
    {
        using SyscallHarness actor = new(HarnessSetup.Nv17);
        Verify(actor, Secp, Signature, Address.NewId(new ActorId(id)), Text)
            .Fails(number, actor.Prices.OnVerifySignature(SignatureType.Secp256k1, Text.Length));
    }

    [Test]
    public void Verify_signature_of_an_account_whose_state_is_broken_is_fatal()
    {
        using SyscallHarness actor = WithAccount([0x82]);
        PriceList p = actor.Prices;
        Verify(actor, Secp, Signature, Address.NewId(TestState.BlsAccount), Text)
            .IsFatal(p.OnVerifySignature(SignatureType.Secp256k1, Text.Length), p.OnBlockOpenBase(), p.OnBlockOpen(1, 0));
    }

    [Test]
    public void Hash_with_an_unknown_code_was_charged_for()
    {
        using SyscallHarness actor = new(HarnessSetup.Nv17);
        actor.Call("crypto", "hash", 0x99, 0, 3, 0, 64).Fails(ErrorNumber.IllegalArgument, actor.Prices.OnHashing(default, 3));
    }

    [TestCase(true, 0u)]
    [TestCase(false, uint.MaxValue)]
    public void Verify_seal_gives_the_verdict(bool verdict, uint expected)
    {
        using SyscallHarness actor = new(HarnessSetup.Nv17);
        actor.Setup.Proofs.Verdict = verdict;
        Assert.That(VerifySeal(actor).Succeeds(actor.Prices.OnVerifySeal()).U32, Is.EqualTo(expected));
        Assert.That(((SealVerifyInfo)actor.Setup.Proofs.Asked!).Sector.Number, Is.EqualTo(2));
    }

    [Test]
    public void Verify_seal_of_what_can_be_no_proof_is_illegal_after_the_charge()
    {
        using SyscallHarness actor = new(HarnessSetup.Nv17);
        actor.Setup.Proofs.Failure = new ProofException("no proof at all");
        VerifySeal(actor).Fails(ErrorNumber.IllegalArgument, actor.Prices.OnVerifySeal());
    }

    [Test]
    public void Verify_seal_of_what_does_not_decode_costs_only_the_call()
    {
        using SyscallHarness actor = new(HarnessSetup.Nv17);
        actor.Call("crypto", "verify_seal", 0, 1).Fails(ErrorNumber.IllegalArgument);
    }

    [Test]
    public void Verify_seal_runs_out_of_gas_at_each_charge() =>
        SyscallResult.RunsOutAtEachCharge(static () => new(HarnessSetup.Nv17), static actor => VerifySeal(actor));

    [Test]
    public void Batch_verify_seals_cost_only_the_call()
    {
        using SyscallHarness actor = new(HarnessSetup.Nv17);
        Batch(actor, 3, Bounds.End - 3).Succeeds();
    }

    private static SyscallResult VerifySeal(SyscallHarness actor)
    {
        // [proof, [miner, number], deals, randomness, randomness, proof, CommR, CommD]
        Cid cid = TestState.CodeOf("sector");
        byte[] link = [0xd8, 0x2a, 0x58, (byte)(cid.ByteLength + 1), 0, .. cid.ToBytes()];
        byte[] info = [0x88, 0x08, 0x82, 0x01, 0x02, 0x80, 0x40, 0x40, 0x40, .. link, .. link];
        actor.Write(0, info);
        return actor.Call("crypto", "verify_seal", 0, (uint)info.Length);
    }

    private static SyscallHarness WithAccount(byte[] state)
    {
        HarnessSetup setup = HarnessSetup.Nv17;
        setup.State.Set(TestState.BlsAccount, "account", TestState.Rich, setup.State.Put(Multicodec.DagCbor, state));
        return new SyscallHarness(setup);
    }
}
