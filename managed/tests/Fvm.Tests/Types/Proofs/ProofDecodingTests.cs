using Fvm.Ipld;
using NUnit.Framework;

namespace Fvm.Tests;

public sealed class ProofDecodingTests
{
    private static readonly Cid Sealed = Cid.CreateV1(Multicodec.FilCommitmentSealed, MultihashCode.PoseidonBls12_381A2Fc1, new byte[32]);

    [Test]
    public void Pieces_are_pairs_of_size_and_cid()
    {
        CborWriter writer = new();
        writer.WriteArrayHeader(1);
        writer.WriteArrayHeader(2);
        writer.WriteUInt(2048);
        writer.WriteCid(Sealed);

        Assert.That(PieceInfo.DecodeList(writer.ToArray()), Is.EqualTo(new[] { new PieceInfo(2048, Sealed) }));
        writer.WriteUInt(0);
        Assert.That(() => PieceInfo.DecodeList(writer.ToArray()), Throws.TypeOf<CborException>());
    }

    // Arguments of actors are decoded by a reader that records faults: truncated at each byte, and with each byte changed, they are
    // rejected with the same text as by a reader that throws.
    [Test]
    public void Faults_are_noted_as_they_are_thrown()
    {
        CborWriter writer = new();
        writer.WriteArrayHeader(4);
        writer.WriteBytes(new byte[5]);
        writer.WriteArrayHeader(1);
        writer.WriteArrayHeader(2);
        writer.WriteInt(13);
        writer.WriteBytes([1, 2]);
        writer.WriteArrayHeader(1);
        writer.WriteArrayHeader(3);
        writer.WriteInt(-7);
        writer.WriteUInt(5);
        writer.WriteCid(Sealed);
        writer.WriteUInt(1000);
        Decoding[] decodings =
        [
            static (ref CborReader reader) => WindowPostVerifyInfo.Decode(ref reader),
            static (ref CborReader reader) => AggregateSealVerifyProofAndInfos.Decode(ref reader),
            static (ref CborReader reader) => ReplicaUpdateInfo.Decode(ref reader),
            static (ref CborReader reader) => SealVerifyInfo.DecodeBatch(ref reader),
            static (ref CborReader reader) => PieceInfo.DecodeList(ref reader),
        ];
        byte[] good = writer.ToArray();
        for (int at = 0; at < good.Length; at++)
        {
            for (int change = 0; change < 256; change++)
            {
                byte[] bytes = [.. good];
                bytes[at] = (byte)change;
                Decoding decoding = decodings[change % 7 < 5 ? 0 : change % decodings.Length];
                AssertSameFault(decoding, bytes);
                AssertSameFault(decoding, bytes[..at]);
            }
        }
    }

    [Test]
    public void A_window_post_has_randomness_proofs_sectors_and_prover()
    {
        CborWriter writer = new();
        writer.WriteArrayHeader(4);
        writer.WriteBytes(new byte[32]);
        writer.WriteArrayHeader(1);
        writer.WriteArrayHeader(2);
        writer.WriteInt(13);
        writer.WriteBytes([1, 2]);
        writer.WriteArrayHeader(1);
        writer.WriteArrayHeader(3);
        writer.WriteInt(-7);
        writer.WriteUInt(5);
        writer.WriteCid(Sealed);
        writer.WriteUInt(1000);

        WindowPostVerifyInfo info = WindowPostVerifyInfo.Decode(writer.WrittenSpan);

        Assert.That(info.Randomness.Length, Is.EqualTo(32));
        Assert.That(info.Proofs[0].Kind, Is.EqualTo(RegisteredPostProof.Window32GiBV1P1));
        Assert.That(info.Proofs[0].Proof.ToArray(), Is.EqualTo(new byte[] { 1, 2 }));
        Assert.That(info.ChallengedSectors, Is.EqualTo(new[] { new SectorInfo((RegisteredSealProof)(-7), 5, Sealed) }));
        Assert.That(info.Prover, Is.EqualTo(new ActorId(1000)));
    }

    [Test]
    public void A_batch_of_seals_is_a_list_of_eight_fields_each()
    {
        CborWriter writer = new();
        writer.WriteArrayHeader(1);
        writer.WriteArrayHeader(8);
        writer.WriteInt(8);
        writer.WriteArrayHeader(2);
        writer.WriteUInt(1000);
        writer.WriteUInt(3);
        writer.WriteArrayHeader(2);
        writer.WriteUInt(11);
        writer.WriteUInt(12);
        writer.WriteBytes([1]);
        writer.WriteBytes([2]);
        writer.WriteBytes([3]);
        writer.WriteCid(Sealed);
        writer.WriteCid(EmptyState.Cid);

        SealVerifyInfo[] batch = SealVerifyInfo.DecodeBatch(writer.WrittenSpan);

        Assert.That(batch, Has.Length.EqualTo(1));
        Assert.That(batch[0].Sector, Is.EqualTo(new SectorId(new ActorId(1000), 3)));
        Assert.That(batch[0].DealIds, Is.EqualTo(new ulong[] { 11, 12 }));
        Assert.That(batch[0].InteractiveRandomness.ToArray(), Is.EqualTo(new byte[] { 2 }));
        Assert.That(batch[0].Proof.ToArray(), Is.EqualTo(new byte[] { 3 }));
        Assert.That(batch[0].UnsealedCid, Is.EqualTo(EmptyState.Cid));
    }

    [Test]
    public void An_aggregate_has_its_seals_at_the_end()
    {
        CborWriter writer = new();
        writer.WriteArrayHeader(5);
        writer.WriteUInt(1000);
        writer.WriteInt(8);
        writer.WriteInt(1);
        writer.WriteBytes([9]);
        writer.WriteArrayHeader(1);
        writer.WriteArrayHeader(5);
        writer.WriteUInt(4);
        writer.WriteBytes([1]);
        writer.WriteBytes([2]);
        writer.WriteCid(Sealed);
        writer.WriteCid(EmptyState.Cid);

        AggregateSealVerifyProofAndInfos aggregate = AggregateSealVerifyProofAndInfos.Decode(writer.WrittenSpan);

        Assert.That(aggregate.AggregateProof, Is.EqualTo(RegisteredAggregateProof.SnarkPackV2));
        Assert.That(aggregate.Infos[0].SectorNumber, Is.EqualTo(4));
        Assert.That(aggregate.Infos[0].SealedCid, Is.EqualTo(Sealed));
    }

    [Test]
    public void The_proof_of_an_update_is_a_list_of_small_numbers()
    {
        CborWriter writer = new();
        writer.WriteArrayHeader(5);
        writer.WriteInt(3);
        writer.WriteCid(Sealed);
        writer.WriteCid(Sealed);
        writer.WriteCid(EmptyState.Cid);
        int head = writer.Length;
        writer.WriteArrayHeader(2);
        writer.WriteUInt(1);
        writer.WriteUInt(255);

        ReplicaUpdateInfo info = ReplicaUpdateInfo.Decode(writer.WrittenSpan);

        Assert.That(info.UpdateProof, Is.EqualTo(RegisteredUpdateProof.StackedDrg32GiBV1));
        Assert.That(info.Proof.ToArray(), Is.EqualTo(new byte[] { 1, 255 }));
        byte[] asBytes = [.. writer.WrittenSpan[..head], 0x42, 1, 2];
        Assert.That(() => ReplicaUpdateInfo.Decode(asBytes), Throws.TypeOf<CborException>());
        byte[] tooLarge = [.. writer.WrittenSpan[..head], 0x81, 0x19, 1, 0];
        Assert.That(() => ReplicaUpdateInfo.Decode(tooLarge), Throws.TypeOf<CborException>());
    }

    [Test]
    public void A_list_that_claims_many_items_takes_no_memory_for_them()
    {
        // A list of 50 million elements, the first of which is not a pair.
        byte[] claim = new byte[50_000_005];
        claim[0] = 0x9a;
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(claim.AsSpan(1), 50_000_000);
        long before = GC.GetAllocatedBytesForCurrentThread();

        Assert.That(() => PieceInfo.DecodeList(claim), Throws.TypeOf<CborException>());
        Assert.That(() => SealVerifyInfo.DecodeBatch(claim), Throws.TypeOf<CborException>());

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(4 << 20));
    }

    private static void AssertSameFault(Decoding decoding, byte[] bytes)
    {
        CborReader throwing = new(bytes);
        string? thrown = null;
        try
        {
            _ = decoding(ref throwing);
        }
        catch (CborException exception)
        {
            thrown = exception.Message;
        }

        CborReader noting = CborReader.Noting(bytes);
        _ = decoding(ref noting);
        Assert.That(noting.Fault, Is.EqualTo(thrown), Convert.ToHexString(bytes));
    }

    private delegate object Decoding(ref CborReader reader);
}
