namespace Fvm.Wasm;

/// <summary>
/// The live range of each local, as segments of the function's body: from the first set (or the function's entry, for parameters and for
/// locals that may be read before they are set) to the last access, sets included. A local that keeps its value from one iteration of a
/// loop to the next lives to the loop's end. A range has a hole where a local is set, from its access before, but not from further back
/// than the start of the basic block: nothing between can read it. Two locals whose ranges are disjoint can share a register.
/// <para>Holes across basic blocks, which take a data-flow analysis to find, are given up for linear time.</para>
/// </summary>
internal sealed class LiveRanges
{
    private const int None = -1;

    /// <summary>A hole with fewer accesses has no room for another local, which takes a set and a read.</summary>
    private const int MinimumHole = 2;

    private Range[] _ranges = new Range[64];

    /// <summary>The segments before holes.</summary>
    private Segment[] _segments = new Segment[64];
    private int _segmentCount;

    /// <summary>The end of each loop, in the order of their starts; 0 while it is open.</summary>
    private int[] _loopEnds = new int[16];
    private int _loopCount;

    /// <summary>The open loops, by their numbers.</summary>
    private int[] _open = new int[16];
    private int _depth;

    private int[] _calls = new int[16];
    private int _callCount;

    /// <summary>The point at hand. All that matters to ranges has a point of its own: accesses, calls, and the bounds of basic blocks.</summary>
    private int _point;
    private int _blockStart;

    /// <summary>Words of 64 bits for a set of all points.</summary>
    public int Words => (_point >> 6) + 1;

    /// <summary>Begins a function.</summary>
    /// <param name="locals">How many locals there are.</param>
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

    /// <summary>Notes the first access of a local.</summary>
    public void First(int local)
    {
        int point = ++_point;
        _ranges[local] = new Range { Start = point, Last = point, Loop = None, Segment = None };
    }

    /// <summary>Notes a later read of a local.</summary>
    public void Get(int local) => _ranges[local].Last = ++_point;

    /// <summary>Notes a later set of a local.</summary>
    public void Set(int local)
    {
        int point = ++_point;
        ref Range range = ref _ranges[local];
        int hole = Math.Max(range.Last, _blockStart) + 1;
        if (point - hole >= MinimumHole)
        {
            Append(ref _segments, ref _segmentCount, new Segment(range.Start, hole - 1, range.Segment));
            range.Segment = _segmentCount - 1;
            range.Start = point;
        }

        range.Last = point;
    }

    /// <summary>Notes a call.</summary>
    public void Call() => Append(ref _calls, ref _callCount, ++_point);

    /// <summary>Notes that a basic block ends: by a branch, or because others come here.</summary>
    public void EndBasicBlock() => _blockStart = ++_point;

    /// <summary>Begins a loop.</summary>
    public void OpenLoop()
    {
        EndBasicBlock();
        Append(ref _open, ref _depth, _loopCount);
        Append(ref _loopEnds, ref _loopCount, 0);
    }

    /// <summary>Ends the innermost loop.</summary>
    public void CloseLoop()
    {
        EndBasicBlock();
        _loopEnds[_open[--_depth]] = _point;
    }

    /// <summary>Notes that a local keeps its value from one iteration of an open loop to the next.</summary>
    /// <param name="local">The local, which was accessed.</param>
    /// <param name="loop">The loop, by the number of open ones around it.</param>
    public void Keep(int local, int loop)
    {
        int number = _open[loop];
        ref int last = ref _ranges[local].Loop;

        // Of loops that are open the outer one ends last, and all that are closed have ended before.
        if (last == None || _loopEnds[last] != 0 || number < last)
        {
            last = number;
        }
    }

    /// <summary>Adds the points at which a used local lives to a set, of as many words as <see cref="Words"/>.</summary>
    /// <param name="local">The local.</param>
    /// <param name="onEntry">Whether it lives from the function's entry on.</param>
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

    /// <summary>Adds the points of all calls to a set, of as many words as <see cref="Words"/>.</summary>
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

    private static void Append<T>(ref T[] list, ref int count, T item)
    {
        if (count == list.Length)
        {
            Array.Resize(ref list, 2 * count);
        }

        list[count++] = item;
    }

    private readonly record struct Segment(int Start, int End, int Before);

    private struct Range
    {
        /// <summary>Start of the last segment.</summary>
        public int Start;

        /// <summary>The last access.</summary>
        public int Last;

        /// <summary>The number of the last loop that the local lives through, or none.</summary>
        public int Loop;

        /// <summary>The segment before the last, or none.</summary>
        public int Segment;
    }
}
