namespace Fvm.Wasm;

internal sealed partial class FrameModel
{
    private readonly LocalTypes _types = new();
    private Local[] _locals = [];
    private int _generation;
    private int _parameters;
    private readonly List<int> _loopEnds = [];
    private readonly Stack<int> _openLoops = new();
    private SetEvent[] _sets = new SetEvent[64];
    private int _setCount;

    /// <summary>Records the ends of loops and the instructions that set locals.</summary>
    private int LookAhead(FunctionBody body)
    {
        _loopEnds.Clear();
        _openLoops.Clear();
        _setCount = 0;
        int at = 0;
        InstructionReader reader = new(_module.Bytes.Span, body);
        while (reader.MoveNext())
        {
            at++;
            switch (reader.Opcode)
            {
                case Opcode.Loop:
                    _openLoops.Push(_loopEnds.Count);
                    _loopEnds.Add(0);
                    break;
                case Opcode.Block or Opcode.If:
                    _openLoops.Push(-1);
                    break;
                case Opcode.End when _openLoops.TryPop(out int loop) && loop >= 0:
                    _loopEnds[loop] = at;
                    break;
                case Opcode.LocalSet or Opcode.LocalTee:
                    AddSet(ref LocalAt((int)reader.Index), at);
                    break;
                default:
                    break;
            }
        }

        return at;
    }

    private void AddSet(ref Local local, int at)
    {
        if (_setCount == _sets.Length)
        {
            Array.Resize(ref _sets, 2 * _setCount);
        }

        _sets[_setCount] = new SetEvent { At = at, Next = -1 };
        if (local.NextSet < 0)
        {
            local.NextSet = _setCount;
        }
        else
        {
            _sets[local.LastSet].Next = _setCount;
        }

        local.LastSet = _setCount++;
    }

    private ref Local LocalAt(int index)
    {
        ref Local local = ref _locals[index];
        if (local.Generation != _generation)
        {
            local = new Local { Generation = _generation, Value = -1, NextSet = -1 };
        }

        return ref local;
    }

    private int Get(int index)
    {
        ref Local local = ref LocalAt(index);
        bool isFloat = IsFloat(_types[index]);
        if (local.Value < 0)
        {
            bool isParameter = index < _parameters;
            local.Value = isParameter ? _values.Root(isFloat, 0) : isFloat ? FrameValues.FloatZero : FrameValues.Zero;
        }

        // Set on some of the paths merged since: a new value (a phi) from the merge on.
        if (_values.Regions.TryFindMerge(local.SetAt, out int merged))
        {
            _values.UseAt(local.Value, merged);
            local.Value = _values.Root(isFloat, merged);
            local.SetAt = merged;
        }

        // Set further on in an enclosing loop: a new value (a phi) per iteration.
        if (_values.Regions.TryFindLoop(local.SetAt, out int start, out int end))
        {
            SkipSets(ref local);
            if (local.NextSet >= 0 && _sets[local.NextSet].At < end)
            {
                _values.UseAt(local.Value, start);
                local.Value = _values.Root(isFloat, start);
                local.SetAt = start;
                local.CarriedTo = end;
            }
        }

        return local.Value;
    }

    private void Set(int index, int value)
    {
        ref Local local = ref LocalAt(index);
        local.Value = value;
        local.SetAt = _values.At;

        // The next iteration begins with the value set last.
        SkipSets(ref local);
        if (_values.At < local.CarriedTo && (local.NextSet < 0 || _sets[local.NextSet].At >= local.CarriedTo))
        {
            _values.UseAt(value, local.CarriedTo);
        }
    }

    /// <summary>Advances to the next instruction that sets a local.</summary>
    private void SkipSets(ref Local local)
    {
        while (local.NextSet >= 0 && _sets[local.NextSet].At <= _values.At)
        {
            local.NextSet = _sets[local.NextSet].Next;
        }
    }

    private struct Local
    {
        public int Generation;
        public int Value;
        public int SetAt;
        public int CarriedTo;
        public int NextSet;
        public int LastSet;
    }

    private struct SetEvent
    {
        public int At;
        public int Next;
    }
}
