using System.Security.Cryptography;
using Fvm.Ipld;
using NUnit.Framework;

namespace Fvm.Tests;

public sealed class UnsealedSectorTests
{
    private const RegisteredSealProof Proof2KiB = RegisteredSealProof.StackedDrg2KiBV1P1;

    // From the reference's table (shared/src/piece/zero.rs), which starts at 128 bytes.
    [TestCase(7, "3731bb99ac689f66eef5973e4a94da188f4ddcae580724fc6f3fd60dfd488333")]
    [TestCase(8, "642a607ef886b004bf2c1978463ae1d4693ac0f410eb2d1b7a47fe205e5e750f")]
    [TestCase(15, "2c1a964bb90b59ebfe0f6da29ad65ae3e417724a8f7c11745a40cac1e5e74011")]
    [TestCase(35, "077e5fde35c50a9303a55009e3498a4ebedff39c42b710b730d8ec7ac7afa63e")]
    [TestCase(41, "aaaa8c4cb40aacee1e02dc65424b2a6c8e99f803b72f7929c4101d7fae6bff32")]
    public void Pieces_of_zeros_have_the_commitments_of_the_reference(int log2, string commitment) =>
        Assert.That(Convert.ToHexStringLower(UnsealedSector.ZeroCommitment(log2)), Is.EqualTo(commitment));

    [TestCase(RegisteredSealProof.StackedDrg2KiBV1, 11)]
    [TestCase(RegisteredSealProof.StackedDrg32GiBV1P1, 35)]
    [TestCase(RegisteredSealProof.StackedDrg64GiBV1P2NiPoRep, 36)]
    public void A_sector_without_pieces_is_all_zeros(RegisteredSealProof proof, int log2) =>
        Assert.That(Compute(proof, []), Is.EqualTo(Commitments.ToUnsealedCid(UnsealedSector.ZeroCommitment(log2))));

    [Test]
    public void A_piece_as_large_as_the_sector_is_the_sector()
    {
        Cid piece = Piece(1);
        Assert.That(Compute(Proof2KiB, [new PieceInfo(2048, piece)]), Is.EqualTo(piece));
    }

    [Test]
    public void Two_halves_are_hashed_with_two_bits_cut_off()
    {
        Cid expected = Commitments.ToUnsealedCid(Join(Piece(1).Digest, Piece(2).Digest));
        PieceInfo[] pieces = [new(1024, Piece(1)), new(1024, Piece(2))];
        Assert.That(Compute(Proof2KiB, pieces), Is.EqualTo(expected));
    }

    [Test]
    public void Gaps_before_larger_pieces_and_at_the_end_are_zeros()
    {
        // 256 | 256 of zeros | 512 | 1024 of zeros
        byte[] first = Join(Piece(1).Digest, UnsealedSector.ZeroCommitment(8));
        byte[] half = Join(first, Piece(2).Digest);
        Cid expected = Commitments.ToUnsealedCid(Join(half, UnsealedSector.ZeroCommitment(10)));

        PieceInfo[] pieces = [new(256, Piece(1)), new(512, Piece(2))];
        Assert.That(Compute(Proof2KiB, pieces), Is.EqualTo(expected));
    }

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(3)]
    [TestCase(4)]
    [TestCase(5)]
    public void Pieces_in_any_order_of_sizes_are_the_leaves_of_one_tree(int seed)
    {
        // The tree of 128-byte leaves, built layer by layer; each piece replaces the node that covers it.
        Random random = new(seed);
        List<PieceInfo> pieces = [];
        Dictionary<(int Log2, int At), byte[]> nodes = [];
        for (ulong sum = 0; ;)
        {
            ulong size = 128UL << random.Next(3);
            ulong at = (sum + size - 1) / size * size;
            if (at + size > 2048)
            {
                break;
            }

            Cid piece = Piece((byte)(pieces.Count + 1));
            pieces.Add(new PieceInfo(size, piece));
            nodes.Add((System.Numerics.BitOperations.Log2(size), (int)(at / size)), piece.Digest.ToArray());
            sum = at + size;
        }

        Assert.That(
            Compute(Proof2KiB, [.. pieces]), Is.EqualTo(Commitments.ToUnsealedCid(Node(11, 0))), string.Join(' ', pieces.Select(static piece => piece.PaddedSize)));

        byte[] Node(int log2, int at) => nodes.TryGetValue((log2, at), out byte[]? piece) ? piece
            : log2 == 7 ? UnsealedSector.ZeroCommitment(7)
            : Join(Node(log2 - 1, 2 * at), Node(log2 - 1, (2 * at) + 1));
    }

    [TestCase(new ulong[] { 0 }, TestName = "A piece without size")]
    [TestCase(new ulong[] { 64 }, TestName = "A piece below 128 bytes leaves a gap that cannot be filled")]
    [TestCase(new ulong[] { 100 }, TestName = "A piece that is no power of two")]
    [TestCase(new ulong[] { 4096 }, TestName = "A piece larger than the sector")]
    [TestCase(new ulong[] { 2048, 128 }, TestName = "Pieces that are larger than the sector together")]
    [TestCase(new ulong[] { 1024, 2048 }, TestName = "Pieces that are larger than the sector with their gaps")]
    [TestCase(new[] { 1UL << 63 }, TestName = "A piece as large as half of all numbers")]
    public void What_makes_no_sector_is_refused(ulong[] sizes)
    {
        PieceInfo[] pieces = Array.ConvertAll(sizes, size => new PieceInfo(size, Piece(1)));
        AssertRefuses(Proof2KiB, pieces);
    }

    [Test]
    public void Unknown_proofs_and_other_cids_are_refused()
    {
        AssertRefuses((RegisteredSealProof)20, []);
        AssertRefuses((RegisteredSealProof)(-1), []);
        AssertRefuses(Proof2KiB, [new PieceInfo(2048, EmptyState.Cid)]);
    }

    [TestCase(RegisteredSealProof.StackedDrg8MiBV1P1Synthetic, 8UL << 20)]
    [TestCase(RegisteredSealProof.StackedDrg64GiBV1, 64UL << 30)]
    public void Proofs_know_their_sizes(RegisteredSealProof proof, ulong size)
    {
        Assert.That(proof.TryGetSectorSize(out ulong known), Is.True);
        Assert.That(known, Is.EqualTo(size));
    }

    private static Cid Compute(RegisteredSealProof proof, PieceInfo[] pieces)
    {
        Assert.That(UnsealedSector.ComputeCid(proof, pieces, out Cid cid), Is.Null);
        return cid;
    }

    private static void AssertRefuses(RegisteredSealProof proof, PieceInfo[] pieces) =>
        Assert.That(UnsealedSector.ComputeCid(proof, pieces, out _), Is.Not.Null.And.Not.Empty);

    private static Cid Piece(byte fill)
    {
        byte[] commitment = new byte[32];
        commitment.AsSpan().Fill(fill);
        return Commitments.ToUnsealedCid(commitment);
    }

    private static byte[] Join(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        byte[] hash = SHA256.HashData([.. left, .. right]);
        hash[31] &= 0x3f;
        return hash;
    }
}
