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

    /// <summary>
    /// The CID of a sector that holds pieces. Unknown proofs, CIDs that are no commitments, and sizes that do not make a sector are refused;
    /// by a verdict, since an exception takes longer than what the actor pays for.
    /// </summary>
    /// <returns>Why there is no such sector, where the actor sees IllegalArgument; null where <paramref name="cid"/> is one.</returns>
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

        string? fault = Align(pieces, sectorSize, out List<Piece> all);
        if (fault is not null)
        {
            return fault;
        }

        Span<Piece> aligned = CollectionsMarshal.AsSpan(all);
        fault = CheckSizes(aligned, sectorSize);
        if (fault is not null)
        {
            return fault;
        }

        fault = Merge(aligned);
        cid = Commitments.ToUnsealedCid(aligned[0].Commitment);
        return fault;
    }

    /// <summary>The commitment to a piece of zeros; not to be written to.</summary>
    /// <param name="log2">Of its padded size in bytes, from 5 up.</param>
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

    // Pieces with the zero pieces between and after them.
    private static string? Align(ReadOnlySpan<PieceInfo> pieces, ulong sectorSize, out List<Piece> all)
    {
        all = new(pieces.Length + RoomForZeros);
        ulong sum = 0;
        foreach (ref readonly PieceInfo piece in pieces)
        {
            if (piece.PaddedSize == 0)
            {
                return "a piece has no size";
            }

            if (Pad(all, ref sum, piece.PaddedSize) is string fault)
            {
                return fault;
            }

            if (!Commitments.IsUnsealed(piece.Cid))
            {
                return $"{piece.Cid} is no commitment to a piece";
            }

            all.Add(new Piece(Unpadded(piece.PaddedSize), piece.Cid.Digest));
            sum = unchecked(sum + piece.PaddedSize);
        }

        return Pad(all, ref sum, sectorSize);
    }

    private static string? Pad(List<Piece> all, ref ulong sum, ulong next)
    {
        // Nearly all sizes are powers of two, of which no remainder has to be divided.
        ulong past = unchecked(0 - sum);
        ulong gap = BitOperations.IsPow2(next) ? past & (next - 1) : past % next;
        sum = unchecked(sum + gap);
        for (; gap != 0; gap &= gap - 1)
        {
            int log2 = BitOperations.TrailingZeroCount(gap);
            if (!IsZeroPiece(log2))
            {
                return NoZeroPiece(log2);
            }

            all.Add(new Piece(Unpadded(1UL << log2), ZeroCommitment(log2)));
        }

        return null;
    }

    private static bool IsZeroPiece(int log2) => log2 is >= MinPieceLog2 and <= MaxZeroPieceLog2;

    private static string? NoZeroPiece(int log2) => $"a gap of 2^{log2} bytes cannot be filled";

    private static string? CheckSizes(ReadOnlySpan<Piece> pieces, ulong sectorSize)
    {
        if ((ulong)pieces.Length > Unpadded(sectorSize) / MinUnpaddedPiece)
        {
            return "too many pieces";
        }

        ulong total = 0;
        foreach (ref readonly Piece piece in pieces)
        {
            ulong padded = Padded(piece.Size);
            total = unchecked(total + padded);
            if (!BitOperations.IsPow2(padded))
            {
                return $"piece size ({padded}) must be a power of 2";
            }
        }

        return total > sectorSize ? "the pieces are larger than the sector" : null;
    }

    // The root goes to the first place. What is merged so far is a stack of falling sizes at the beginning of the pieces: each piece that
    // is taken leaves at most one more on it, so it never reaches the next one.
    private static string? Merge(Span<Piece> pieces)
    {
        int top = -1;
        Span<byte> both = stackalloc byte[2 * Commitments.Length];
        for (int i = 0; i < pieces.Length; i++)
        {
            while (top >= 0 && pieces[top].Size < pieces[i].Size)
            {
                if (Double(pieces, ref top, both) is string fault)
                {
                    return fault;
                }
            }

            pieces[++top] = pieces[i];
            Collapse(pieces, ref top, both);
        }

        while (top > 0)
        {
            if (Double(pieces, ref top, both) is string fault)
            {
                return fault;
            }
        }

        return null;
    }

    // Joins the top with as many zeros.
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

    // Neighbours of the same size become one, as often as there are such.
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
