namespace Fvm.Wasm;

/// <summary>
/// The loops and merges of one function, in instruction order: open loops and merged paths, which distinguish an instruction's value from
/// that of another iteration or path.
/// </summary>
internal sealed class FrameRegions
{
    private Span[] _loops = new Span[16];
    private int _loopCount;
    private Span[] _merged = new Span[16];
    private int _mergedCount;

    /// <summary>Prepares for the next function.</summary>
    public void Reset()
    {
        _loopCount = 0;
        _mergedCount = 0;
    }

    /// <summary>Opens a loop.</summary>
    /// <param name="start">Number of its first instruction.</param>
    /// <param name="end">Number of its <c>end</c>.</param>
    public void EnterLoop(int start, int end)
    {
        if (_loopCount == _loops.Length)
        {
            Array.Resize(ref _loops, 2 * _loopCount);
        }

        _loops[_loopCount++] = new Span(start, end);
    }

    /// <summary>Closes the innermost loop.</summary>
    public void LeaveLoop() => _loopCount--;

    /// <summary>Finds the outermost open loop that begins after an instruction.</summary>
    public bool TryFindLoop(int after, out int start, out int end)
    {
        int low = 0;
        int high = _loopCount;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (_loops[middle].Start > after)
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        bool found = low < _loopCount;
        (start, end) = found ? (_loops[low].Start, _loops[low].End) : (0, 0);
        return found;
    }

    /// <summary>Records a merge: values computed since an instruction are not available on every path to this one.</summary>
    public void Merge(int start, int at)
    {
        while (_mergedCount > 0 && _merged[_mergedCount - 1].Start >= start)
        {
            _mergedCount--;
        }

        if (_mergedCount == _merged.Length)
        {
            Array.Resize(ref _merged, 2 * _mergedCount);
        }

        _merged[_mergedCount++] = new Span(start, at);
    }

    /// <summary>Finds the merge after an instruction that does not dominate the present one.</summary>
    public bool TryFindMerge(int instruction, out int end)
    {
        int low = 0;
        int high = _mergedCount;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (_merged[middle].Start < instruction)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        end = low > 0 ? _merged[low - 1].End : 0;
        return low > 0 && instruction < end;
    }

    private readonly record struct Span(int Start, int End);
}
