namespace Fvm.Wasm;

/// <summary>
/// Bounds-check elimination: how many bytes from a local's value on are proven to be in memory, by a check on all paths to this point. Memory
/// never shrinks, so a proof holds until the local is set. Where control flow merges, those from before the block remain, since every path to
/// the merge has passed them. Remembers up to <see cref="Size"/> proofs.
/// </summary>
internal sealed class ProvenBounds
{
    private const int Size = 16;
    private const int None = -1;

    private readonly int[] _locals = new int[Size];
    private readonly ulong[] _extents = new ulong[Size];
    private readonly int[] _times = new int[Size];
    private int _next;
    private bool _isEmpty = true;

    /// <summary>Number of proofs added in this function: the present, for <see cref="KeepUntil"/>.</summary>
    public int Time { get; private set; }

    /// <summary>Begins a function.</summary>
    public void Reset()
    {
        _isEmpty = true;
        Time = 0;
    }

    /// <summary>Forgets a local that is set.</summary>
    public void Forget(int local)
    {
        if (!_isEmpty)
        {
            _locals.AsSpan().Replace(local, None);
        }
    }

    /// <summary>Forgets the proofs added after a time.</summary>
    public void KeepUntil(int time)
    {
        for (int i = 0; !_isEmpty && i < Size; i++)
        {
            if (_times[i] > time)
            {
                _locals[i] = None;
            }
        }
    }

    /// <summary>Forgets the locals that are set at an offset or behind it.</summary>
    /// <param name="lastSets">Offset of the last set per local.</param>
    /// <param name="offset">The offset in the module.</param>
    public void KeepSetBefore(ReadOnlySpan<int> lastSets, int offset)
    {
        for (int i = 0; !_isEmpty && i < Size; i++)
        {
            if (_locals[i] >= 0 && lastSets[_locals[i]] >= offset)
            {
                _locals[i] = None;
            }
        }
    }

    /// <summary>Whether the first <paramref name="extent"/> bytes from the local's value on are proven to be in memory.</summary>
    public bool Covers(int local, ulong extent)
    {
        for (int i = 0; !_isEmpty && i < Size; i++)
        {
            if (_locals[i] == local && _extents[i] >= extent)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Records a check.</summary>
    /// <param name="local">The local with the address.</param>
    /// <param name="extent">Number of bytes proven, more than before.</param>
    /// <param name="since">The time at the start of the innermost block: older proofs stay for its end.</param>
    public void Add(int local, ulong extent, int since)
    {
        if (_isEmpty)
        {
            Array.Fill(_locals, None);
            _isEmpty = false;
        }

        int at = 0;
        while (at < Size && (_locals[at] != local || _times[at] <= since))
        {
            at++;
        }

        if (at == Size)
        {
            at = _next;
            _next = (_next + 1) % Size;
        }

        _locals[at] = local;
        _extents[at] = extent;
        _times[at] = ++Time;
    }
}
