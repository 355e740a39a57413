using System.Collections.Immutable;

namespace Fvm.Wasm;

/// <summary>
/// The types of a function's locals, parameters first. The first few are in an array; the others are looked up by group, so that a small
/// function with 50,000 declared locals costs no more than its bytes.
/// </summary>
internal sealed class LocalTypes
{
    private const int Open = 64;

    private readonly ValueKind[] _first = new ValueKind[Open];
    private int[] _groupEnds = new int[16];
    private ValueKind[] _groupKinds = new ValueKind[16];
    private int _groups;

    /// <summary>Number of locals, parameters included.</summary>
    public int Count { get; private set; }

    /// <summary>Prepares for the next function.</summary>
    public void Reset(ImmutableArray<ValueKind> parameters, ImmutableArray<LocalGroup> groups)
    {
        Count = 0;
        _groups = 0;
        foreach (ValueKind kind in parameters)
        {
            Add(1, kind);
        }

        foreach (LocalGroup group in groups)
        {
            Add((int)group.Count, group.Type);
        }
    }

    /// <summary>The type of a local below <see cref="Count"/>.</summary>
    public ValueKind this[int local] => local < Open ? _first[local] : Search(local);

    private void Add(int count, ValueKind kind)
    {
        if (count == 0)
        {
            return;
        }

        if (Count < Open)
        {
            _first.AsSpan(Count, Math.Min(count, Open - Count)).Fill(kind);
        }

        Count += count;
        if (_groups > 0 && _groupKinds[_groups - 1] == kind)
        {
            _groupEnds[_groups - 1] = Count;
            return;
        }

        if (_groups == _groupEnds.Length)
        {
            Array.Resize(ref _groupEnds, _groups * 2);
            Array.Resize(ref _groupKinds, _groups * 2);
        }

        _groupEnds[_groups] = Count;
        _groupKinds[_groups] = kind;
        _groups++;
    }

    private ValueKind Search(int local)
    {
        int found = _groupEnds.AsSpan(0, _groups).BinarySearch(local);
        return _groupKinds[found < 0 ? ~found : found + 1];
    }
}
