namespace Fvm.Wasm;

/// <summary>
/// The live range of each local, as segments of the function's body: from the first set (or the function's entry, for parameters and for
/// locals that may be read before they are set) to the last access, sets included. A local that keeps its value across a loop's back edge
/// is live to the loop's end. A range has a hole before each set: from the preceding access, or from the start of the basic block if that is
/// later, because nothing in between can read the local. Two locals with disjoint ranges can share a register.
/// <para>Holes across basic blocks would need a data-flow analysis; they are omitted for linear time.</para>
/// </summary>
internal sealed class LiveRanges
{
    private const int None = -1;

    /// <summary>Minimum number of points in a hole: fewer have no room for another local, which needs a set and a read.</summary>
    private const int MinimumHole = 2;

    private Range[] _ranges = new Range[64];

    /// <summary>The segments that end at a hole.</summary>
    private Segment[] _segments = new Segment[64];
    private int _segmentCount;

    /// <summary>End point per loop, in the order of their starts; 0 while the loop is open.</summary>
    private int[] _loopEnds = new int[16];
    private int _loopCount;

    /// <summary>Numbers of the open loops, outermost first.</summary>
    private int[] _open = new int[16];
    private int _depth;

    private int[] _calls = new int[16];
    private int _callCount;

    /// <summary>The current point. Each event that bounds ranges has its own point: accesses, calls, and the bounds of basic blocks.</summary>
    private int _point;
    private int _blockStart;

    /// <summary>Size of a bit set of all points, in 64-bit words.</summary>
    public int Words => (_point >> 6) + 1;

    /// <summary>Begins a function.</summary>
    /// <param name="locals">Number of locals.</param>
    public void Reset(int locals)
    {
        _segmentCount = 0;
        _loopCount = 0;
        _depth = 0;
        _callCount = 0;
        _point = 0;
        _blockStart = 0;
        if (_ranges.Length < locals)
        {
            Array.Resize(ref _ranges, Math.Max(locals, 2 * _ranges.Length));
        }
    }

    /// <summary>Records the first access of a local.</summary>
    public void First(int local)
    {
        int point = ++_point;
        _ranges[local] = new Range { Start = point, Last = point, Loop = None, Segment = None };
    }

    /// <summary>Records a later read of a local.</summary>
    public void Get(int local) => _ranges[local].Last = ++_point;

    /// <summary>Records a later set of a local.</summary>
    public void Set(int local)
    {
        int point = ++_point;
        ref Range range = ref _ranges[local];
        int hole = Math.Max(range.Last, _blockStart) + 1;
        if (point - hole >= MinimumHole)
        {
            Growing.Append(ref _segments, ref _segmentCount, new Segment(range.Start, hole - 1, range.Segment));
            range.Segment = _segmentCount - 1;
            range.Start = point;
        }

        range.Last = point;
    }

    /// <summary>Records a call.</summary>
    public void Call() => Growing.Append(ref _calls, ref _callCount, ++_point);

    /// <summary>Ends a basic block: at a branch, or at a control-flow merge.</summary>
    public void EndBasicBlock() => _blockStart = ++_point;

    /// <summary>Begins a loop.</summary>
    public void OpenLoop()
    {
        EndBasicBlock();
        Growing.Append(ref _open, ref _depth, _loopCount);
        Growing.Append(ref _loopEnds, ref _loopCount, 0);
    }

    /// <summary>Ends the innermost loop.</summary>
    public void CloseLoop()
    {
        EndBasicBlock();
        _loopEnds[_open[--_depth]] = _point;
    }

    /// <summary>Records that a local keeps its value across the back edge of an open loop.</summary>
    /// <param name="local">The local, already accessed.</param>
    /// <param name="loop">The loop, as the number of open loops around it.</param>
    public void Keep(int local, int loop)
    {
        int number = _open[loop];
        ref int last = ref _ranges[local].Loop;

        // Among open loops the outermost ends last; closed loops have ended before.
        if (last == None || _loopEnds[last] != 0 || number < last)
        {
            last = number;
        }
    }

    /// <summary>Adds the points at which a used local is live to a bit set of <see cref="Words"/> words.</summary>
    /// <param name="local">The local.</param>
    /// <param name="onEntry">Whether the local is live from the function's entry.</param>
    /// <param name="points">The set.</param>
    public void AddTo(Span<ulong> points, int local, bool onEntry)
    {
        ref readonly Range range = ref _ranges[local];
        int start = range.Start;
        int end = range.Loop == None ? range.Last : Math.Max(range.Last, _loopEnds[range.Loop]);
        for (int before = range.Segment; before != None; before = _segments[before].Before)
        {
            AddTo(points, start, end);
            (start, end, _) = _segments[before];
        }

        AddTo(points, onEntry ? 0 : start, end);
    }

    /// <summary>Adds the points of all calls to a bit set of <see cref="Words"/> words.</summary>
    public void AddCallsTo(Span<ulong> points)
    {
        foreach (int call in _calls.AsSpan(0, _callCount))
        {
            points[call >> 6] |= 1ul << call;
        }
    }

    private static void AddTo(Span<ulong> points, int start, int end)
    {
        ulong first = ulong.MaxValue << start;
        ulong last = ulong.MaxValue >> ~end;
        if (start >> 6 == end >> 6)
        {
            points[start >> 6] |= first & last;
            return;
        }

        points[start >> 6] |= first;
        points[((start >> 6) + 1)..(end >> 6)].Fill(ulong.MaxValue);
        points[end >> 6] |= last;
    }

    private readonly record struct Segment(int Start, int End, int Before);

    private struct Range
    {
        /// <summary>Start of the last segment.</summary>
        public int Start;

        /// <summary>The last access.</summary>
        public int Last;

        /// <summary>Number of the last loop through which the local is live, or none.</summary>
        public int Loop;

        /// <summary>Index of the segment before the last, or none.</summary>
        public int Segment;
    }
}
