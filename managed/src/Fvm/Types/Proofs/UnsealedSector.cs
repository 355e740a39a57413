using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Fvm.Crypto;
using Fvm.Ipld;

namespace Fvm;

/// <summary>
/// Computes the commitment to a sector's data (CommD) from those to its pieces: the root of a binary tree of SHA-256 with two bits
/// cut off, in which each piece lies at a multiple of its size and zeros fill the gaps. Rules and their order: the reference's
/// <c>kernel/filecoin.rs</c>, and <c>pieces.rs</c> of the proofs library. Sizes wrap around at 64 bits as they do there, so what
/// is accepted is the same even for sizes that no sector has.
/// </summary>
public static class UnsealedSector
{
    private const ulong MinUnpaddedPiece = 127;
    private const int MinPieceLog2 = 7;

    // Of the bytes of one commitment.
    private const int MinCommitmentLog2 = 5;

    // Zero pieces are known up to here; asking for a larger one is an error.
    private const int MaxZeroPieceLog2 = 41;

    // Gaps have few pieces each; more room is made where there are more.
    private const int RoomForZeros = 8;

    // No size has more bits: each commitment to a piece of zeros that can be asked for, by the log2 of its size.
    private static readonly byte[][] ZeroCommitments = BuildZeroCommitments(64);

    /// <summary>The CID of a sector that holds pieces.</summary>
    /// <exception cref="ProofException">No such proof, a CID that is no commitment, or sizes that do not make a sector.</exception>
    public static Cid ComputeCid(RegisteredSealProof proof, ReadOnlySpan<PieceInfo> pieces)
    {
        if (!proof.TryGetSectorSize(out ulong sectorSize))
        {
            throw new ProofException($"unsupported proof type: {(long)proof}");
        }

        List<Piece> all = Align(pieces, sectorSize);
        return Commitments.ToUnsealedCid(Root(all, sectorSize).Commitment);
    }

    /// <summary>The commitment to a piece of zeros; not to be written to.</summary>
    /// <param name="log2">Of its padded size in bytes, from 5 up.</param>
    internal static byte[] ZeroCommitment(int log2) => ZeroCommitments[log2];

    private static byte[][] BuildZeroCommitments(int count)
    {
        byte[][] commitments = new byte[count][];
        Array.Fill(commitments, new byte[Commitments.Length], 0, MinCommitmentLog2 + 1);
        for (int log2 = MinCommitmentLog2 + 1; log2 < count; log2++)
        {
            Piece half = new(0, commitments[log2 - 1]);
            commitments[log2] = Join(half, half).Commitment.ToArray();
        }

        return commitments;
    }

    // Pieces with the zero pieces between and after them.
    private static List<Piece> Align(ReadOnlySpan<PieceInfo> pieces, ulong sectorSize)
    {
        if (pieces.IsEmpty)
        {
            return [ZeroPiece(BitOperations.TrailingZeroCount(sectorSize))];
        }

        List<Piece> all = new(pieces.Length + RoomForZeros);
        ulong sum = 0;
        foreach (ref readonly PieceInfo piece in pieces)
        {
            if (piece.PaddedSize == 0)
            {
                throw new ProofException("a piece has no size");
            }

            sum = Pad(all, sum, piece.PaddedSize);
            if (!Commitments.IsUnsealed(piece.Cid))
            {
                throw new ProofException($"{piece.Cid} is no commitment to a piece");
            }

            all.Add(new Piece(Unpadded(piece.PaddedSize), piece.Cid.Digest));
            sum = unchecked(sum + piece.PaddedSize);
        }

        Pad(all, sum, sectorSize);
        return all;
    }

    private static ulong Pad(List<Piece> all, ulong sum, ulong next)
    {
        ulong gap = unchecked(0 - sum) % next;
        ulong total = unchecked(sum + gap);
        while (gap != 0)
        {
            all.Add(ZeroPiece(BitOperations.TrailingZeroCount(gap)));
            gap &= gap - 1;
        }

        return total;
    }

    private static Piece ZeroPiece(int log2) => log2 is >= MinPieceLog2 and <= MaxZeroPieceLog2
        ? new Piece(Unpadded(1UL << log2), ZeroCommitment(log2))
        : throw new ProofException($"a gap of 2^{log2} bytes cannot be filled");

    private static Piece Root(List<Piece> pieces, ulong sectorSize)
    {
        if ((ulong)pieces.Count > Unpadded(sectorSize) / MinUnpaddedPiece)
        {
            throw new ProofException("too many pieces");
        }

        ulong total = 0;
        foreach (ref readonly Piece piece in CollectionsMarshal.AsSpan(pieces))
        {
            ulong padded = Padded(piece.Size);
            total = unchecked(total + padded);
            if (!BitOperations.IsPow2(padded))
            {
                throw new ProofException($"piece size ({padded}) must be a power of 2");
            }
        }

        if (total > sectorSize)
        {
            throw new ProofException("the pieces are larger than the sector");
        }

        Stack<Piece> stack = new();
        foreach (ref readonly Piece piece in CollectionsMarshal.AsSpan(pieces))
        {
            while (stack.TryPeek(out Piece top) && top.Size < piece.Size)
            {
                Push(stack, ZeroLike(top));
            }

            Push(stack, piece);
        }

        while (stack.Count > 1)
        {
            Push(stack, ZeroLike(stack.Peek()));
        }

        return stack.Pop();
    }

    private static Piece ZeroLike(in Piece piece)
    {
        ulong padded = Padded(piece.Size);
        return BitOperations.IsPow2(padded) && padded >= 64
            ? new Piece(piece.Size, ZeroCommitment(BitOperations.TrailingZeroCount(padded)))
            : throw new ProofException($"a gap of {padded} bytes cannot be filled");
    }

    // Neighbours of the same size become one, as often as there are such.
    private static void Push(Stack<Piece> stack, Piece piece)
    {
        while (stack.TryPeek(out Piece left) && left.Size == piece.Size)
        {
            stack.Pop();
            piece = Join(left, piece);
        }

        stack.Push(piece);
    }

    private static Piece Join(in Piece left, in Piece right)
    {
        Span<byte> both = stackalloc byte[2 * Commitments.Length];
        left.Commitment.CopyTo(both);
        right.Commitment.CopyTo(both[Commitments.Length..]);
        Sha256.Hash(both, both);
        both[Commitments.Length - 1] &= 0x3f;
        return new Piece(unchecked(left.Size + right.Size), both[..Commitments.Length]);
    }

    private static ulong Unpadded(ulong padded) => padded - padded / 128;

    // The proofs library counts bits, divides as floating point, and rounds up.
    private static ulong Padded(ulong unpadded)
    {
        ulong bits = unchecked(unpadded * 8);
        ulong padded = unchecked(bits / 254 * 256 + bits % 254);
        return (ulong)Math.Ceiling(padded / 8.0);
    }

    // The commitment lies within: thousands of pieces are joined for little gas, and none should be an object.
    private struct Piece
    {
        private Bytes _commitment;

        public Piece(ulong size, ReadOnlySpan<byte> commitment)
        {
            Size = size;
            commitment.CopyTo(_commitment);
        }

        public ulong Size { get; }

        [UnscopedRef]
        public readonly ReadOnlySpan<byte> Commitment => _commitment;

        [InlineArray(Commitments.Length)]
        private struct Bytes
        {
            private byte _first;
        }
    }
}
