namespace Fvm.Wasm;

internal sealed partial class FrameValues
{
    private readonly Stack<int> _pending = new();
    private int[] _integers = [];
    private int[] _floats = [];
    private int _length;
    private long _steps;

    /// <summary>Records a use of a value by this instruction.</summary>
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

    /// <summary>Records a use of a value by another instruction.</summary>
    public void UseAt(int value, int at)
    {
        int now = At;
        At = at;
        Use(value);
        At = now;
    }

    /// <summary>Maximum number of simultaneously live values per class.</summary>
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

        // Bounds the work on a hostile function, which could have the same values recomputed without end.
        if (_steps <= 0)
        {
            return false;
        }

        return (value.IsCheap && value.Boundary != Boundary) || Regions.TryFindMerge(value.Defined, out _);
    }

    /// <summary>Computes a pure value, as far out of loops as its operands allow (loop-invariant code motion).</summary>
    private void Compute(ref Value value)
    {
        _steps--;
        Close(ref value);
        int latest = Math.Max(DefinedAt(value.First), Math.Max(DefinedAt(value.Second), DefinedAt(value.Third)));
        int place = !value.IsCheap && Regions.TryFindLoop(latest, out int start, out _) ? start : At;
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

        // A value defined outside a loop and used in it is live until the loop's end.
        int last = Regions.TryFindLoop(value.Defined, out int start, out int end) && start < at ? end : at;
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
}
