using Fvm.Ipld;

namespace Fvm.Hosting;

/// <summary>
/// Approximate request counts of very many blocks in little memory: a count-min sketch with four counters per block, of which the minimum is
/// the estimate. All counters are halved periodically, so that old requests lose weight. Not thread-safe.
/// </summary>
internal sealed class AskCounts
{
    private const int Counters = 1 << 12;
    private const int Rows = 4;
    private const int AsksUntilHalved = 8 * Counters;

    private readonly byte[] _counts = new byte[Counters * Rows];
    private int _asks;

    /// <summary>Counts a request.</summary>
    /// <returns>The estimated number of requests, including this one; collisions make it too high.</returns>
    public int Add(in Cid cid)
    {
        if (++_asks == AsksUntilHalved)
        {
            Halve();
        }

        ulong hash = (uint)cid.GetHashCode() * 0x9E3779B97F4A7C15UL;
        int least = byte.MaxValue;
        for (int row = 0; row < Rows; row++)
        {
            ref byte count = ref _counts[(row * Counters) + (int)((hash >> (row * 12)) % Counters)];
            count = (byte)Math.Min(count + 1, byte.MaxValue);
            least = Math.Min(least, count);
        }

        return least;
    }

    /// <summary>Resets all counters.</summary>
    public void Clear()
    {
        Array.Clear(_counts);
        _asks = 0;
    }

    private void Halve()
    {
        for (int i = 0; i < _counts.Length; i++)
        {
            _counts[i] >>= 1;
        }

        _asks = 0;
    }
}
