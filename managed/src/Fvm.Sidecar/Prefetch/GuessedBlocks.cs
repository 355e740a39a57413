using System.Diagnostics.CodeAnalysis;
using Fvm.Ipld;

namespace Fvm.Sidecar;

/// <summary>
/// Blocks that a machine's client sent on a guess, until the machine wants them: the oldest go when there are too many. They are verified once one of
/// them is wanted.
/// </summary>
/// <param name="bytes">The session's bytes, among which they count.</param>
internal sealed class GuessedBlocks(SessionBytes bytes)
{
    private const long MaxBytes = 4L << 20;
    private const int MaxOrder = 4_096;

    // Verified at a time: hashed together they take less than half of the time, and guesses are wanted in about the order in which they came. Lanes
    // of the hash whose block ends take the next one, so more blocks than lanes keep all of them at work: with each block asked for once, 8 % more
    // messages of `carried` go through than with 8.
    private const int Batch = 32;

    private readonly Dictionary<Cid, Guess> _blocks = [];
    private readonly Queue<Cid> _order = new();
    private readonly Queue<Guess> _unverified = new();
    private long _held;

    /// <summary>Adds a block, unless the session has no room for it.</summary>
    public void Add(in Cid cid, byte[] block, GuessKind kind)
    {
        while (_held + block.Length > MaxBytes && _order.TryDequeue(out Cid oldest))
        {
            if (_blocks.Remove(oldest, out Guess? gone))
            {
                Forget(gone);
            }
        }

        if (_order.Count == MaxOrder || _unverified.Count == MaxOrder)
        {
            // Most of them were taken.
            Clear();
        }

        if (_held + block.Length > MaxBytes || _blocks.ContainsKey(cid) || !bytes.TryAddSpare(block.Length))
        {
            return;
        }

        Guess guess = new(cid, block, kind);
        _held += block.Length;
        _blocks.Add(cid, guess);
        _order.Enqueue(cid);
        _unverified.Enqueue(guess);
    }

    public bool TryPeek(in Cid cid, [NotNullWhen(true)] out byte[]? block)
    {
        bool found = _blocks.TryGetValue(cid, out Guess? guess);
        block = guess?.Block;
        return found;
    }

    /// <summary>Takes a block out.</summary>
    /// <returns>Whether there is one, and it matches its CID.</returns>
    public bool TryTake(in Cid cid, [NotNullWhen(true)] out byte[]? block, out GuessKind kind)
    {
        (block, kind) = (null, default);
        if (!_blocks.Remove(cid, out Guess? guess)) return false;

        if (guess.IsRight is null)
        {
            Verify(guess);
        }

        block = guess.IsRight == true ? guess.Block : null;
        kind = guess.Kind;
        Forget(guess);
        return block is not null;
    }

    public void Clear()
    {
        bytes.Remove(_held);
        _held = 0;
        _blocks.Clear();
        _order.Clear();
        _unverified.Clear();
    }

    // It may still be among those that are not verified.
    private void Forget(Guess guess)
    {
        _held -= guess.Block!.Length;
        bytes.Remove(guess.Block.Length);
        guess.Block = null;
    }

    // With the oldest of the others, each of which is hashed once.
    private void Verify(Guess wanted)
    {
        if (wanted.Cid.MultihashCode != MultihashCode.Blake2b256)
        {
            wanted.IsRight = BlockDigest.Matches(wanted.Cid, wanted.Block!) == true;
            return;
        }

        Guess[] guesses = new Guess[Batch];
        ReadOnlyMemory<byte>[] blocks = new ReadOnlyMemory<byte>[Batch];
        guesses[0] = wanted;
        blocks[0] = wanted.Block;
        int count = 1;
        while (count < Batch && _unverified.TryDequeue(out Guess? other))
        {
            if (other is { Block: not null, IsRight: null } && other != wanted && other.Cid.MultihashCode == MultihashCode.Blake2b256)
            {
                guesses[count] = other;
                blocks[count++] = other.Block;
            }
        }

        Span<Cid> cids = new Cid[count];
        Cid.Blake2b256(Multicodec.Raw, blocks.AsSpan(0, count), cids);
        for (int i = 0; i < count; i++)
        {
            guesses[i].IsRight = guesses[i].Cid.Digest.SequenceEqual(cids[i].Digest);
        }
    }

    private sealed class Guess(Cid cid, byte[] block, GuessKind kind)
    {
        public Cid Cid => cid;

        /// <summary>The block; null once it was taken out.</summary>
        public byte[]? Block { get; set; } = block;

        public GuessKind Kind => kind;

        /// <summary>Whether the block matches its CID; null if that is not known yet.</summary>
        public bool? IsRight { get; set; }
    }
}
