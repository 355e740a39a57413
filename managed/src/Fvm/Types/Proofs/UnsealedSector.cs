using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;
using Fvm.Crypto;
using Fvm.Ipld;

namespace Fvm;

/// <summary>
/// Computes the commitment to a sector's data (CommD) from those to its pieces: the root of a binary tree of SHA-256 truncated by two bits, in
/// which each piece is aligned to its size and gaps are zero-filled. Rules and their order are those of the reference's
/// <c>kernel/filecoin.rs</c> and the proofs library's <c>pieces.rs</c>. Sizes wrap at 64 bits as they do there, so the accepted inputs are the
/// same even for impossible sizes.
/// </summary>
internal static class UnsealedSector
{
    private const ulong MinUnpaddedPiece = 127;
    private const int MinPieceLog2 = 7;

    // log2 of a commitment's length in bytes.
    private const int MinCommitmentLog2 = 5;

    // The largest zero piece; larger ones are an error.
    private const int MaxZeroPieceLog2 = 41;

    // Sufficient for ordinary pieces; larger stacks are allocated.
    private const int UsualStackHeight = 16;

    // Commitments to zero pieces, by log2 of the size in bytes: all that 64-bit sizes can require.
    private static readonly byte[][] ZeroCommitments = BuildZeroCommitments(64);

    /// <summary>
    /// The CID of a sector with the given pieces. Unknown proof types, CIDs other than commitments, and impossible sizes are rejected, by a return
    /// value, since an exception takes longer than what the actor pays for.
    /// </summary>
    /// <returns>The reason for rejection (the actor sees IllegalArgument); null if <paramref name="cid"/> is valid.</returns>
    public static string? ComputeCid(RegisteredSealProof proof, ReadOnlySpan<PieceInfo> pieces, out Cid cid)
    {
        cid = default;
        if (!proof.TryGetSectorSize(out ulong sectorSize))
        {
            return $"unsupported proof type: {(long)proof}";
        }

        if (pieces.IsEmpty)
        {
            int log2 = BitOperations.TrailingZeroCount(sectorSize);
            cid = Commitments.ToUnsealedCid(ZeroCommitment(log2));
            return IsZeroPiece(log2) ? null : NoZeroPiece(log2);
        }

        return CheckSizes(pieces, sectorSize) ?? Merge(pieces, sectorSize, out cid);
    }

    /// <summary>The commitment to a zero piece; must not be modified.</summary>
    /// <param name="log2">log2 of its padded size in bytes, at least 5.</param>
    internal static byte[] ZeroCommitment(int log2) => ZeroCommitments[log2];

    private static byte[][] BuildZeroCommitments(int count)
    {
        byte[][] commitments = new byte[count][];
        Array.Fill(commitments, new byte[Commitments.Length], 0, MinCommitmentLog2 + 1);
        Span<byte> both = stackalloc byte[2 * Commitments.Length];
        for (int log2 = MinCommitmentLog2 + 1; log2 < count; log2++)
        {
            Piece piece = new(0, commitments[log2 - 1]);
            Join(ref piece, 0, commitments[log2 - 1], both);
            commitments[log2] = piece.Commitment.ToArray();
        }

        return commitments;
    }

    // Before any hashing: checks that gaps can be filled, that CIDs are commitments, and that the pieces with the zero pieces between and
    // after them fit the sector.
    private static string? CheckSizes(ReadOnlySpan<PieceInfo> pieces, ulong sectorSize)
    {
        ulong sum = 0;
        ulong total = 0;
        ulong count = 0;
        string? badSize = null;
        for (int i = 0; i <= pieces.Length; i++)
        {
            ulong size = i < pieces.Length ? pieces[i].PaddedSize : sectorSize;
            if (size == 0)
            {
                return "a piece has no size";
            }

            ulong gap = GapBefore(sum, size);
            sum = unchecked(sum + gap);
            for (ulong left = gap; left != 0; left &= left - 1)
            {
                int log2 = BitOperations.TrailingZeroCount(left);
                if (!IsZeroPiece(log2))
                {
                    return NoZeroPiece(log2);
                }

                count++;
            }

            total = unchecked(total + gap);
            if (i == pieces.Length)
            {
                break;
            }

            if (!Commitments.IsUnsealed(pieces[i].Cid))
            {
                return $"{pieces[i].Cid} is no commitment to a piece";
            }

            sum = unchecked(sum + size);
            count++;
            ulong padded = Padded(Unpadded(size));
            total = unchecked(total + padded);
            if (badSize is null && !BitOperations.IsPow2(padded))
            {
                badSize = $"piece size ({padded}) must be a power of 2";
            }
        }

        return count > Unpadded(sectorSize) / MinUnpaddedPiece ? "too many pieces"
            : badSize ?? (total > sectorSize ? "the pieces are larger than the sector" : null);
    }

    // The bytes to the next multiple of a size. Nearly all sizes are powers of two, which need no division.
    private static ulong GapBefore(ulong sum, ulong size)
    {
        ulong past = unchecked(0 - sum);
        return BitOperations.IsPow2(size) ? past & (size - 1) : past % size;
    }

    private static bool IsZeroPiece(int log2) => log2 is >= MinPieceLog2 and <= MaxZeroPieceLog2;

    private static string NoZeroPiece(int log2) => $"a gap of 2^{log2} bytes cannot be filled";

    // The merged pieces form a stack of decreasing sizes, except for pieces below 64 bytes.
    private static string? Merge(ReadOnlySpan<PieceInfo> pieces, ulong sectorSize, out Cid cid)
    {
        Piece[] stack = new Piece[UsualStackHeight];
        int top = -1;
        ulong sum = 0;
        string? fault = null;
        Span<byte> both = stackalloc byte[2 * Commitments.Length];
        for (int i = 0; i <= pieces.Length && fault is null; i++)
        {
            ulong size = i < pieces.Length ? pieces[i].PaddedSize : sectorSize;
            ulong gap = GapBefore(sum, size);
            sum = unchecked(sum + gap + size);
            for (; gap != 0 && fault is null; gap &= gap - 1)
            {
                int log2 = BitOperations.TrailingZeroCount(gap);
                fault = Push(ref stack, ref top, Unpadded(1UL << log2), ZeroCommitment(log2), both);
            }

            if (i < pieces.Length)
            {
                fault ??= Push(ref stack, ref top, Unpadded(size), pieces[i].Cid.Digest, both);
            }
        }

        while (top > 0 && fault is null)
        {
            fault = Double(stack, ref top, both);
        }

        cid = Commitments.ToUnsealedCid(stack[0].Commitment);
        return fault;
    }

    private static string? Push(ref Piece[] stack, ref int top, ulong size, ReadOnlySpan<byte> commitment, Span<byte> both)
    {
        while (top >= 0 && stack[top].Size < size)
        {
            if (Double(stack, ref top, both) is string fault)
            {
                return fault;
            }
        }

        if (++top == stack.Length)
        {
            Array.Resize(ref stack, 2 * top);
        }

        stack[top] = new Piece(size, commitment);
        Collapse(stack, ref top, both);
        return null;
    }

    // Joins the top with a zero piece of the same size.
    private static string? Double(Span<Piece> stack, ref int top, Span<byte> both)
    {
        ref Piece piece = ref stack[top];
        ulong padded = Padded(piece.Size);
        if (!BitOperations.IsPow2(padded) || padded < 64)
        {
            return $"a gap of {padded} bytes cannot be filled";
        }

        Join(ref piece, piece.Size, ZeroCommitment(BitOperations.TrailingZeroCount(padded)), both);
        Collapse(stack, ref top, both);
        return null;
    }

    // Merges neighbours of equal size while there are any.
    private static void Collapse(Span<Piece> stack, ref int top, Span<byte> both)
    {
        for (; top > 0 && stack[top - 1].Size == stack[top].Size; top--)
        {
            Join(ref stack[top - 1], stack[top].Size, stack[top].Commitment, both);
        }
    }

    private static void Join(ref Piece left, ulong rightSize, ReadOnlySpan<byte> right, Span<byte> both)
    {
        left.Commitment.CopyTo(both);
        right.CopyTo(both[Commitments.Length..]);
        Sha256.Hash(both, both);
        both[Commitments.Length - 1] &= 0x3f;
        left = new Piece(unchecked(left.Size + rightSize), both[..Commitments.Length]);
    }

    private static ulong Unpadded(ulong padded) => padded - padded / 128;

    // Like the proofs library: counts bits, divides in floating point, and rounds up.
    private static ulong Padded(ulong unpadded)
    {
        ulong bits = unchecked(unpadded * 8);
        ulong padded = unchecked(bits / 254 * 256 + bits % 254);
        return (ulong)Math.Ceiling(padded / 8.0);
    }

    // The commitment is inline: thousands of pieces are joined for little gas, so none should be an object.
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
