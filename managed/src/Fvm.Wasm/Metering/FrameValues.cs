// The values of one function that need a place in its frame.
using System.Runtime.CompilerServices;

namespace Fvm.Wasm.Metering;

/// <summary>
/// The values of one function as an optimising compiler sees them: numbered, so that equal ones are one; pure ones computed where they
/// are first needed, outside of the loops that do not change them; constants and what adds one free, since both are computed again.
/// Each has the interval of instructions in which it is needed, and most of those that overlap is what the frame has to hold.
/// </summary>
internal sealed class FrameValues
{
    /// <summary>The zero of each class: what locals hold that nobody has set.</summary>
    public const int Zero = 0;
    public const int FloatZero = 1;

    private const int None = -1;

    private readonly Dictionary<Key, int> _numbers = [];
    private readonly Stack<int> _pending = new();
    private Value[] _values = new Value[256];
    private int _count;
    private int[] _integers = [];
    private int[] _floats = [];
    private int _length;
    private Span[] _loops = new Span[16];
    private int _loopCount;
    private Span[] _regions = new Span[16];
    private int _regionCount;
    private long _steps;

    /// <summary>The number of the instruction that is looked at.</summary>
    public int At { get; set; }

    /// <summary>Grows with whatever ends a block of machine code or may write memory.</summary>
    public int Boundary { get; set; }

    /// <summary>Starts with a function.</summary>
    /// <param name="instructions">How many it has.</param>
    public void Reset(int instructions)
    {
        _numbers.Clear();
        _count = 0;
        _loopCount = 0;
        _regionCount = 0;
        _length = instructions + 2;
        if (_integers.Length < _length)
        {
            _integers = new int[2 * _length];
            _floats = new int[2 * _length];
        }

        Array.Clear(_integers, 0, _length);
        Array.Clear(_floats, 0, _length);
        _steps = 1000 + (4L * instructions);
        At = 0;
        Boundary = 0;
        Add(new Value { Kind = Kind.Constant });
        Add(new Value { Kind = Kind.Constant, IsFloat = true });
    }

    public bool IsFloat(int value) => _values[value].IsFloat;

    private bool IsConstant(int value) => _values[value].Kind == Kind.Constant;

    /// <summary>A value that is there from an instruction on, such as a call's result.</summary>
    public int Root(bool isFloat, int at) => Add(new Value { Kind = Kind.Root, IsFloat = isFloat, Defined = at, Last = at });

    /// <summary>A value that is computed at this instruction, or was by an equal one before.</summary>
    public bool TryFind(int operation, int first, int second, long extra, out int value) =>
        _numbers.TryGetValue(new Key(operation, first, second, None, extra), out value);

    /// <summary>Remembers by what a value is found.</summary>
    public void Name(int operation, int first, int second, long extra, int value) =>
        _numbers[new Key(operation, first, second, None, extra)] = value;

    /// <summary>A value that depends on its operands alone, computed when and where it is needed.</summary>
    /// <param name="operation">What computes it.</param>
    /// <param name="isFloat">Its class.</param>
    /// <param name="isCheap">Whether it is computed again after each boundary, where an operand is constant.</param>
    /// <param name="first">An operand.</param>
    /// <param name="second">Another, or none.</param>
    /// <param name="third">And another, or none.</param>
    public int Pure(int operation, bool isFloat, bool isCheap, int first, int second = None, int third = None)
    {
        Key key = new(operation, first, second, third, 0);
        if (_numbers.TryGetValue(key, out int known))
        {
            return known;
        }

        bool hasConstant = IsConstant(first) || (second >= 0 && IsConstant(second));
        bool isConstant = IsConstant(first) && (second < 0 || IsConstant(second)) && (third < 0 || IsConstant(third));
        int value = Add(new Value
        {
            Kind = isConstant ? Kind.Constant : Kind.Pure,
            IsFloat = isFloat,
            IsCheap = isCheap && hasConstant,
            First = first,
            Second = second,
            Third = third,
            Defined = None,
        });
        _numbers.Add(key, value);
        return value;
    }

    /// <summary>A constant, which takes no room but has a number.</summary>
    public int ConstantOf(int operation, ulong bits, bool isFloat)
    {
        Key key = new(operation, None, None, None, (long)bits);
        if (!_numbers.TryGetValue(key, out int value))
        {
            value = Add(new Value { Kind = Kind.Constant, IsFloat = isFloat });
            _numbers.Add(key, value);
        }

        return value;
    }

    /// <summary>This instruction needs a value.</summary>
    public void Use(int value)
    {
        _pending.Push(value);
        while (_pending.TryPeek(out int next))
        {
            ref Value entry = ref _values[next];
            if (entry.Kind == Kind.Constant || entry.Kind == Kind.Root || !IsStale(in entry))
            {
                _pending.Pop();
                Extend(ref entry, At);
                continue;
            }

            int before = _pending.Count;
            Require(entry.First);
            Require(entry.Second);
            Require(entry.Third);
            if (_pending.Count == before)
            {
                _pending.Pop();
                Compute(ref entry);
            }
        }
    }

    /// <summary>Another instruction needs a value.</summary>
    public void UseAt(int value, int at)
    {
        int now = At;
        At = at;
        Use(value);
        At = now;
    }

    public void EnterLoop(int end)
    {
        if (_loopCount == _loops.Length)
        {
            Array.Resize(ref _loops, 2 * _loopCount);
        }

        _loops[_loopCount++] = new Span(At, end);
    }

    public void LeaveLoop() => _loopCount--;

    /// <summary>The outermost open loop that begins after an instruction.</summary>
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

    /// <summary>What was computed since an instruction is not computed on every path to this one.</summary>
    public void Merge(int start)
    {
        while (_regionCount > 0 && _regions[_regionCount - 1].Start >= start)
        {
            _regionCount--;
        }

        if (_regionCount == _regions.Length)
        {
            Array.Resize(ref _regions, 2 * _regionCount);
        }

        _regions[_regionCount++] = new Span(start, At);
    }

    /// <summary>Where the paths of an instruction have met, if it is not on all of them.</summary>
    public bool TryFindMerge(int instruction, out int end)
    {
        int low = 0;
        int high = _regionCount;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (_regions[middle].Start < instruction)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        end = low > 0 ? _regions[low - 1].End : 0;
        return low > 0 && instruction < end;
    }

    /// <summary>The most values of each class that are needed at the same time.</summary>
    public (int Integers, int Floats) Most()
    {
        for (int i = 0; i < _count; i++)
        {
            Close(ref _values[i]);
        }

        return (Highest(_integers.AsSpan(0, _length)), Highest(_floats.AsSpan(0, _length)));
    }

    private static int Highest(ReadOnlySpan<int> changes)
    {
        int now = 0;
        int most = 0;
        foreach (int change in changes)
        {
            now += change;
            most = Math.Max(most, now);
        }

        return most;
    }

    private void Require(int operand)
    {
        if (operand >= 0 && _values[operand].Kind == Kind.Pure && IsStale(in _values[operand]))
        {
            _pending.Push(operand);
        }
    }

    private bool IsStale(in Value value)
    {
        if (value.Defined < 0)
        {
            return true;
        }

        // A hostile function could have the same values computed again and again: the compiler then takes long, and this does not.
        if (_steps <= 0)
        {
            return false;
        }

        return (value.IsCheap && value.Boundary != Boundary) || TryFindMerge(value.Defined, out _);
    }

    /// <summary>Computes a pure value: as far out as its operands allow.</summary>
    private void Compute(ref Value value)
    {
        _steps--;
        Close(ref value);
        int latest = Math.Max(DefinedAt(value.First), Math.Max(DefinedAt(value.Second), DefinedAt(value.Third)));
        int place = !value.IsCheap && TryFindLoop(latest, out int start, out _) ? start : At;
        value.Defined = place;
        value.Last = place;
        value.Boundary = Boundary;
        ExtendOperand(value.First, place);
        ExtendOperand(value.Second, place);
        ExtendOperand(value.Third, place);
        Extend(ref value, At);
    }

    private int DefinedAt(int operand) => operand < 0 || IsConstant(operand) ? 0 : _values[operand].Defined;

    private void ExtendOperand(int operand, int place)
    {
        if (operand >= 0)
        {
            Extend(ref _values[operand], place);
        }
    }

    private void Extend(ref Value value, int at)
    {
        if (value.Kind == Kind.Constant)
        {
            return;
        }

        // What a loop needs of outside it needs until its last turn ends.
        int last = TryFindLoop(value.Defined, out int start, out int end) && start < at ? end : at;
        value.Last = Math.Max(value.Last, last);
    }

    private void Close(ref Value value)
    {
        if (value.Kind == Kind.Constant || value.Defined < 0 || value.Last <= value.Defined)
        {
            return;
        }

        int[] changes = value.IsFloat ? _floats : _integers;
        changes[value.Defined]++;
        changes[Math.Min(value.Last, _length - 1)]--;
        value.Last = value.Defined;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Add(in Value value)
    {
        if (_count == _values.Length)
        {
            Array.Resize(ref _values, 2 * _count);
        }

        _values[_count] = value;
        return _count++;
    }

    private enum Kind : byte
    {
        Constant,
        Root,
        Pure,
    }

    private struct Value
    {
        public Kind Kind;
        public bool IsFloat;
        public bool IsCheap;
        public int First;
        public int Second;
        public int Third;
        public int Defined;
        public int Last;
        public int Boundary;
    }

    private readonly record struct Span(int Start, int End);

    private readonly record struct Key(int Operation, int First, int Second, int Third, long Extra);
}
