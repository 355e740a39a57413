using System.Buffers.Binary;
using Fvm.Ipld;
using NUnit.Framework;

namespace Fvm.Tests;

/// <content>Proofs of storage and of consensus faults, with CBOR arguments.</content>
public sealed partial class CryptoSyscallsTests
{
    private const uint CommitmentLength = 39;
    private static readonly Cid Unsealed =
        Cid.CreateV1(Multicodec.FilCommitmentUnsealed, MultihashCode.Sha2_256Trunc254Padded, new byte[32]);

    private static readonly Cid Sealed =
        Cid.CreateV1(Multicodec.FilCommitmentSealed, MultihashCode.PoseidonBls12_381A2Fc1, new byte[32]);

    private static readonly byte[] NoPieces = [0x80];

    [TestCase(0L)]
    [TestCase(8L)]
    [TestCase(19L)]
    public void Compute_unsealed_sector_cid_of_no_pieces_is_that_of_zeros(long proof)
    {
        using SyscallHarness actor = new();
        SyscallResult result = Unseal(actor, proof, NoPieces, Bounds.End - CommitmentLength, CommitmentLength);
        Assert.That(result.Succeeds(actor.Prices.OnComputeUnsealedSectorCid()).U32, Is.EqualTo(CommitmentLength));
        UnsealedSector.ComputeCid((RegisteredSealProof)proof, [], out Cid expected);
        Assert.That(actor.ReadCid(Bounds.End - CommitmentLength), Is.EqualTo(expected));
    }

    [TestCase(-1L)]
    [TestCase(20L)]
    [TestCase(long.MaxValue)]
    public void Compute_unsealed_sector_cid_of_an_unknown_proof_costs_only_the_call(long proof)
    {
        using SyscallHarness actor = new();
        actor.Call("crypto", "compute_unsealed_sector_cid", (ulong)proof, uint.MaxValue, 1, uint.MaxValue, 1).Fails(ErrorNumber.IllegalArgument);
    }

    [TestCase(NetworkVersion.Nv20, 14L, 15L)]
    [TestCase(NetworkVersion.Nv21, 19L, 20L)]
    public void Compute_unsealed_sector_cid_knows_the_proofs_of_its_generation(NetworkVersion version, long known, long unknown)
    {
        using SyscallHarness actor = new(new HarnessSetup { Version = version });
        Unseal(actor, known, NoPieces, 0, 100).Succeeds(actor.Prices.OnComputeUnsealedSectorCid());
        Unseal(actor, unknown, NoPieces, 0, 100).Fails(ErrorNumber.IllegalArgument);
    }

    [TestCase("")]
    [TestCase("20")]
    [TestCase("81")]
    [TestCase("8000")]
    [TestCase("8180")]
    [TestCase("9bffffffffffffffff")]
    public void Compute_unsealed_sector_cid_of_malformed_pieces_costs_only_the_call(string hex)
    {
        using SyscallHarness actor = new();
        Unseal(actor, 0, Convert.FromHexString(hex), 0, 100).Fails(ErrorNumber.IllegalArgument);
    }

    [Test]
    public void Compute_unsealed_sector_cid_of_pieces_that_make_no_sector_is_illegal_after_the_charge()
    {
        using SyscallHarness actor = new();
        CborWriter pieces = new();
        pieces.WriteArrayHeader(1);
        pieces.WriteArrayHeader(2);
        pieces.WriteUInt(3);
        pieces.WriteCid(Unsealed);
        Unseal(actor, 0, pieces.ToArray(), 0, 100).Fails(ErrorNumber.IllegalArgument, actor.Prices.OnComputeUnsealedSectorCid());
    }

    [Test]
    public void Compute_unsealed_sector_cid_into_too_small_a_buffer_fails_after_the_charge()
    {
        using SyscallHarness actor = new();
        Unseal(actor, 0, NoPieces, 0, CommitmentLength - 1).Fails(ErrorNumber.BufferTooSmall, actor.Prices.OnComputeUnsealedSectorCid());
    }

    [TestCaseSource(typeof(Bounds), nameof(Bounds.Outside))]
    public void Compute_unsealed_sector_cid_with_buffers_outside_of_memory_costs_only_the_call(uint offset, uint length)
    {
        using SyscallHarness actor = new();
        actor.Call("crypto", "compute_unsealed_sector_cid", 0, offset, length, 0, 100).Fails(ErrorNumber.IllegalArgument);
        Unseal(actor, 0, NoPieces, offset, length).Fails(ErrorNumber.IllegalArgument);
    }

    [Test]
    public void Compute_unsealed_sector_cid_runs_out_of_gas_at_each_charge() =>
        SyscallResult.RunsOutAtEachCharge(static () => new(), static actor => Unseal(actor, 0, NoPieces, 0, 100));

    [TestCase(0)]
    [TestCase(3)]
    public void Verify_post_asks_and_costs_by_sectors(int sectors) =>
        AsksForAVerdict("verify_post", Post(sectors), p => p.OnVerifyPost(sectors));

    [Test]
    public void Verify_post_of_bad_arguments() => RefusesBadArguments("verify_post", Post(1), static p => p.OnVerifyPost(1));

    [Test]
    public void Verify_post_runs_out_of_gas_at_each_charge() =>
        SyscallResult.RunsOutAtEachCharge(static () => new(), static actor => Ask(actor, "verify_post", Post(2)));

    [TestCase(NetworkVersion.Nv20, 314159ul, 498_691L, RegisteredPostProof.Window32GiBV1)]
    [TestCase(NetworkVersion.Nv20, 314159ul, 498_692L, RegisteredPostProof.Window32GiBV1P1)]
    [TestCase(NetworkVersion.Nv20, 314ul, 498_691L, RegisteredPostProof.Window32GiBV1P1)]
    [TestCase(NetworkVersion.Nv21, 314159ul, 498_691L, RegisteredPostProof.Window32GiBV1P1)]
    public void Verify_post_repeats_what_calibnet_had_wrong(NetworkVersion version, ulong chain, long epoch, RegisteredPostProof asked)
    {
        using SyscallHarness actor = new(new HarnessSetup
        {
            Version = version,
            Context = context => context with
            {
                Epoch = new ChainEpoch(epoch),
                Network = context.Network with { ChainId = chain },
            },
        });
        Ask(actor, "verify_post", Post(1)).Succeeds(actor.Prices.OnVerifyPost(1));
        Assert.That(((WindowPostVerifyInfo)actor.Setup.Proofs.Asked!).Proofs[0].Kind, Is.EqualTo(asked));
    }

    [TestCase(8L, 5)]
    [TestCase(9L, 5)]
    [TestCase(18L, 5)]
    [TestCase(0L, 0)]
    public void Verify_aggregate_seals_asks_and_costs_by_proof_and_seals(long proof, int seals) => AsksForAVerdict(
        "verify_aggregate_seals", AggregateSeals(proof, seals), p => p.OnVerifyAggregateSeals((RegisteredSealProof)proof, seals));

    [Test]
    public void Verify_aggregate_seals_of_bad_arguments() => RefusesBadArguments(
        "verify_aggregate_seals",
        AggregateSeals(8, 5),
        static p => p.OnVerifyAggregateSeals(RegisteredSealProof.StackedDrg32GiBV1P1, 5));

    [Test]
    public void Verify_aggregate_seals_runs_out_of_gas_at_each_charge() => SyscallResult.RunsOutAtEachCharge(
        static () => new(), static actor => Ask(actor, "verify_aggregate_seals", AggregateSeals(8, 5)));

    [Test]
    public void Verify_replica_update_asks() => AsksForAVerdict("verify_replica_update", Update(), static p => p.OnVerifyReplicaUpdate());

    [Test]
    public void Verify_replica_update_of_bad_arguments() =>
        RefusesBadArguments("verify_replica_update", Update(), static p => p.OnVerifyReplicaUpdate());

    [Test]
    public void Verify_replica_update_runs_out_of_gas_at_each_charge() =>
        SyscallResult.RunsOutAtEachCharge(static () => new(), static actor => Ask(actor, "verify_replica_update", Update()));

    [Test]
    public void Batch_verify_seals_gives_a_byte_for_each_and_charges_for_each()
    {
        using SyscallHarness actor = new();
        actor.Setup.Proofs.Verdicts = [true, false, true];
        GasCharge charge = actor.Prices.OnVerifySeal();
        Batch(actor, 3, Bounds.End - 3).Succeeds(charge, charge, charge);
        Assert.That(actor.Read(Bounds.End - 3, 3), Is.EqualTo(new byte[] { 1, 0, 1 }));
        actor.Setup.Proofs.Verdicts = null;
        Batch(actor, 0, Bounds.End).Succeeds();
    }

    [Test]
    public void Batch_verify_seals_with_too_few_verdicts_is_fatal()
    {
        using SyscallHarness actor = new();
        actor.Setup.Proofs.Verdicts = [true];
        Batch(actor, 2, 0).IsFatal(actor.Prices.OnVerifySeal(), actor.Prices.OnVerifySeal());
    }

    [TestCase(Bounds.End - 1)]
    [TestCase(Bounds.End + 1)]
    [TestCase(uint.MaxValue)]
    public void Batch_verify_seals_with_verdicts_outside_of_memory_costs_only_the_call(uint offset)
    {
        using SyscallHarness actor = new();
        Batch(actor, 2, offset).Fails(ErrorNumber.IllegalArgument);
        Assert.That(actor.Setup.Proofs.Asked, Is.Null);
    }

    [TestCase("")]
    [TestCase("8181")]
    [TestCase("8000")]
    public void Batch_verify_seals_of_a_malformed_batch_costs_only_the_call(string hex)
    {
        using SyscallHarness actor = new();
        byte[] bytes = Convert.FromHexString(hex);
        actor.Write(0, bytes);
        actor.Call("crypto", "batch_verify_seals", 0, (uint)bytes.Length, 1_000).Fails(ErrorNumber.IllegalArgument);
    }

    [TestCaseSource(typeof(Bounds), nameof(Bounds.Outside))]
    public void Batch_verify_seals_of_a_batch_outside_of_memory_costs_only_the_call(uint offset, uint length)
    {
        using SyscallHarness actor = new();
        actor.Call("crypto", "batch_verify_seals", offset, length, 0).Fails(ErrorNumber.IllegalArgument);
    }

    [Test]
    public void Batch_verify_seals_runs_out_of_gas_at_each_charge() =>
        SyscallResult.RunsOutAtEachCharge(static () => new(), static actor => Batch(actor, 3, 0));

    [Test]
    public void Verify_consensus_fault_gives_the_fault_or_zeros()
    {
        using SyscallHarness actor = new();
        actor.Setup.Externs.Fault = new ConsensusFault(new ActorId(1_234), new ChainEpoch(-5), ConsensusFaultType.ParentGrinding);
        byte[] result = Fault(actor).Succeeds(actor.Prices.OnVerifyConsensusFault()).Result;
        Assert.That(result, Has.Length.EqualTo(20));
        Assert.That(BinaryPrimitives.ReadInt64LittleEndian(result), Is.EqualTo(-5));
        Assert.That(BinaryPrimitives.ReadUInt64LittleEndian(result.AsSpan(8)), Is.EqualTo(1_234));
        Assert.That(BinaryPrimitives.ReadUInt32LittleEndian(result.AsSpan(16)), Is.EqualTo(2));
        Assert.That(actor.Setup.Externs.AskedHeaders!.Value.Extra, Is.EqualTo(new byte[] { 3, 3, 3 }));
        actor.Setup.Externs.Fault = null;
        Assert.That(Fault(actor).Succeeds(actor.Prices.OnVerifyConsensusFault()).Result, Is.All.Zero);
    }

    [Test]
    public void Verify_consensus_fault_that_the_node_cannot_check_is_illegal_after_the_charge()
    {
        using SyscallHarness actor = new();
        actor.Setup.Externs.Failure = new ExternException("no headers");
        Fault(actor).Fails(ErrorNumber.IllegalArgument, actor.Prices.OnVerifyConsensusFault());
    }

    [TestCaseSource(typeof(Bounds), nameof(Bounds.Outside))]
    public void Verify_consensus_fault_with_headers_outside_of_memory_costs_only_the_call(uint offset, uint length)
    {
        using SyscallHarness actor = new();
        actor.Call("crypto", "verify_consensus_fault", offset, length, 0, 0, 0, 0).Fails(ErrorNumber.IllegalArgument);
        actor.Call("crypto", "verify_consensus_fault", 0, 0, offset, length, 0, 0).Fails(ErrorNumber.IllegalArgument);
        actor.Call("crypto", "verify_consensus_fault", 0, 0, 0, 0, offset, length).Fails(ErrorNumber.IllegalArgument);
        Assert.That(actor.Setup.Externs.AskedHeaders, Is.Null);
    }

    [Test]
    public void Verify_consensus_fault_runs_out_of_gas_at_each_charge() =>
        SyscallResult.RunsOutAtEachCharge(static () => new(), static actor => Fault(actor));

    private static void AsksForAVerdict(string name, byte[] arguments, Func<PriceList, GasCharge> charge)
    {
        using SyscallHarness actor = new();
        Assert.That(Ask(actor, name, arguments).Succeeds(charge(actor.Prices)).U32, Is.Zero);
        Assert.That(actor.Setup.Proofs.Asked, Is.Not.Null);
        actor.Setup.Proofs.Verdict = false;
        Assert.That(Ask(actor, name, arguments).Succeeds(charge(actor.Prices)).U32, Is.EqualTo(uint.MaxValue));
    }

    private static void RefusesBadArguments(string name, byte[] arguments, Func<PriceList, GasCharge> charge)
    {
        using SyscallHarness actor = new();
        Ask(actor, name, []).Fails(ErrorNumber.IllegalArgument);
        Ask(actor, name, arguments[..^1]).Fails(ErrorNumber.IllegalArgument);
        Ask(actor, name, [.. arguments, 0]).Fails(ErrorNumber.IllegalArgument);
        foreach (object[] buffer in Bounds.Outside)
        {
            actor.Call("crypto", name, (uint)buffer[0], (uint)buffer[1]).Fails(ErrorNumber.IllegalArgument);
        }

        Assert.That(actor.Setup.Proofs.Asked, Is.Null);
        actor.Setup.Proofs.Failure = new ProofException("no proof at all");
        Ask(actor, name, arguments).Fails(ErrorNumber.IllegalArgument, charge(actor.Prices));
    }

    private static SyscallResult Ask(SyscallHarness actor, string name, byte[] arguments)
    {
        uint offset = Bounds.End - (uint)arguments.Length;
        actor.Write(offset, arguments);
        return actor.Call("crypto", name, offset, (uint)arguments.Length);
    }

    private static SyscallResult Unseal(SyscallHarness actor, long proof, byte[] pieces, uint cid, uint length)
    {
        actor.Write(1_000, pieces);
        return actor.Call("crypto", "compute_unsealed_sector_cid", (ulong)proof, 1_000, (uint)pieces.Length, cid, length);
    }

    private static SyscallResult Fault(SyscallHarness actor)
    {
        actor.Write(0, [1, 2, 2, 3, 3, 3]);
        return actor.Call("crypto", "verify_consensus_fault", 0, 1, 1, 2, 3, 3);
    }

    private static SyscallResult Batch(SyscallHarness actor, int count, uint verdicts)
    {
        CborWriter batch = new();
        batch.WriteArrayHeader(count);
        for (int i = 0; i < count; i++)
        {
            batch.WriteArrayHeader(8);
            batch.WriteInt(8);
            batch.WriteArrayHeader(2);
            batch.WriteUInt(1_000);
            batch.WriteUInt((ulong)i);
            batch.WriteArrayHeader(1);
            batch.WriteUInt(5);
            batch.WriteBytes(new byte[32]);
            batch.WriteBytes(new byte[32]);
            batch.WriteBytes(new byte[192]);
            batch.WriteCid(Sealed);
            batch.WriteCid(Unsealed);
        }

        actor.Write(1_000, batch.WrittenSpan);
        return actor.Call("crypto", "batch_verify_seals", 1_000, (uint)batch.Length, verdicts);
    }

    private static byte[] Post(int sectors)
    {
        CborWriter info = new();
        info.WriteArrayHeader(4);
        info.WriteBytes(new byte[32]);
        info.WriteArrayHeader(1);
        info.WriteArrayHeader(2);
        info.WriteInt(13);
        info.WriteBytes(new byte[192]);
        info.WriteArrayHeader(sectors);
        for (int i = 0; i < sectors; i++)
        {
            info.WriteArrayHeader(3);
            info.WriteInt(8);
            info.WriteUInt((ulong)i);
            info.WriteCid(Sealed);
        }

        info.WriteUInt(1_000);
        return info.ToArray();
    }

    private static byte[] AggregateSeals(long proof, int seals)
    {
        CborWriter aggregate = new();
        aggregate.WriteArrayHeader(5);
        aggregate.WriteUInt(1_000);
        aggregate.WriteInt(proof);
        aggregate.WriteInt(1);
        aggregate.WriteBytes(new byte[100]);
        aggregate.WriteArrayHeader(seals);
        for (int i = 0; i < seals; i++)
        {
            aggregate.WriteArrayHeader(5);
            aggregate.WriteUInt((ulong)i);
            aggregate.WriteBytes(new byte[32]);
            aggregate.WriteBytes(new byte[32]);
            aggregate.WriteCid(Sealed);
            aggregate.WriteCid(Unsealed);
        }

        return aggregate.ToArray();
    }

    private static byte[] Update()
    {
        CborWriter update = new();
        update.WriteArrayHeader(5);
        update.WriteInt(3);
        update.WriteCid(Sealed);
        update.WriteCid(Sealed);
        update.WriteCid(Unsealed);
        update.WriteArrayHeader(2);
        update.WriteUInt(1);
        update.WriteUInt(200);
        return update.ToArray();
    }
}
