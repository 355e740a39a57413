// Where values are computed, and how long they are needed.
namespace Fvm.Wasm;

internal sealed partial class FrameValues
{
    private readonly Stack<int> _pending = new();
    private int[] _integers = [];
    private int[] _floats = [];
    private int _length;
    private long _steps;

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

        return (value.IsCheap && value.Boundary != Boundary) || Regions.TryFindMerge(value.Defined, out _);
    }

    /// <summary>Computes a pure value: as far out as its operands allow.</summary>
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

        // What a loop needs of outside it needs until its last turn ends.
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
