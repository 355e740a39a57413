using System.Diagnostics.CodeAnalysis;
using Fvm.Ipld;

namespace Fvm.Sidecar;

/// <summary>
/// Blocks that a machine's client sent on a guess, until the machine wants them: the oldest go when there are too many. They are not verified yet.
/// </summary>
/// <param name="bytes">The session's bytes, among which they count.</param>
internal sealed class GuessedBlocks(SessionBytes bytes)
{
    private const long MaxBytes = 4L << 20;
    private const int MaxOrder = 4_096;

    private readonly Dictionary<Cid, (byte[] Block, GuessKind Kind)> _blocks = [];
    private readonly Queue<Cid> _order = new();
    private long _held;

    /// <summary>Adds a block, unless the session has no room for it.</summary>
    public void Add(in Cid cid, byte[] block, GuessKind kind)
    {
        while (_held + block.Length > MaxBytes && _order.TryDequeue(out Cid oldest))
        {
            TryTake(in oldest, out _, out _);
        }

        if (_order.Count == MaxOrder)
        {
            // Most of them were taken.
            Clear();
        }

        if (_held + block.Length > MaxBytes || _blocks.ContainsKey(cid) || !bytes.TryAddSpare(block.Length))
        {
            return;
        }

        _held += block.Length;
        _blocks.Add(cid, (block, kind));
        _order.Enqueue(cid);
    }

    public bool TryPeek(in Cid cid, [NotNullWhen(true)] out byte[]? block)
    {
        bool found = _blocks.TryGetValue(cid, out (byte[] Block, GuessKind) guessed);
        block = guessed.Block;
        return found;
    }

    /// <summary>Takes a block out.</summary>
    public bool TryTake(in Cid cid, [NotNullWhen(true)] out byte[]? block, out GuessKind kind)
    {
        bool found = _blocks.Remove(cid, out (byte[] Block, GuessKind Kind) guessed);
        (block, kind) = guessed;
        if (found)
        {
            _held -= guessed.Block.Length;
            bytes.Remove(guessed.Block.Length);
        }

        return found;
    }

    public void Clear()
    {
        bytes.Remove(_held);
        _held = 0;
        _blocks.Clear();
        _order.Clear();
    }
}
