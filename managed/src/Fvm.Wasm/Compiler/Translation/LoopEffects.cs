using System.Numerics;

namespace Fvm.Wasm;

/// <summary>
/// Finds branches back to a loop's start between which and that start no instruction reads what another writes. Where such a branch is
/// taken the loop does the same for ever, as all that it depends on is as it was: what is left to it is to use up the gas.
/// <para>What is read or written is a local, a global, or as a whole the memory, the table, the dropped segments, or the sizes. Takes time by the
/// number of instructions within loops and the logarithm of the nesting.</para>
/// </summary>
internal sealed class LoopEffects
{
    /// <summary>States that are one thing each have the numbers of their bits.</summary>
    private const int FirstVariable = 8;
    private const int Reachable = -1;

    private int _locals;
    private long _clock;

    /// <summary>When a thing was read and written last; by a clock that never goes back, so that nothing has to be cleared.</summary>
    private long[] _read = new long[64];
    private long[] _written = new long[64];

    /// <summary>When the open loops began, and their numbers.</summary>
    private long[] _starts = new long[16];
    private int[] _numbers = new int[16];
    private int _open;

    /// <summary>How many of the open loops, from the outermost on, are known not to repeat.</summary>
    private int _changing;

    /// <summary>Blocks that are open within code that cannot be reached; -1 in code that can.</summary>
    private int _dead;

    private int[] _offsets = new int[16];
    private bool[] _repeats = new bool[16];
    private int _count;
    private int _next;

    /// <summary>Offsets of the branches that repeat.</summary>
    private int[] _branches = new int[16];
    private int _branchCount;
    private int _nextBranch;

    /// <summary>Whether any branch of the function repeats its loop.</summary>
    public bool Any => _branchCount > 0;

    /// <summary>Begins a function.</summary>
    public void Reset(int locals, int globals)
    {
        _locals = locals;
        _open = 0;
        _changing = 0;
        _dead = Reachable;
        _count = 0;
        _next = 0;
        _branchCount = 0;
        _nextBranch = 0;
        int things = FirstVariable + locals + globals;
        if (_read.Length < things)
        {
            Array.Resize(ref _read, Math.Max(things, 2 * _read.Length));
            Array.Resize(ref _written, _read.Length);
        }
    }

    /// <summary>Begins a loop.</summary>
    /// <param name="offset">The instruction's offset in the module.</param>
    public void Open(int offset)
    {
        if (_open == _starts.Length)
        {
            Array.Resize(ref _starts, 2 * _open);
            Array.Resize(ref _numbers, 2 * _open);
        }

        if (_count == _offsets.Length)
        {
            Array.Resize(ref _offsets, 2 * _count);
            Array.Resize(ref _repeats, 2 * _count);
        }

        _starts[_open] = ++_clock;
        _numbers[_open++] = _count;
        _offsets[_count] = offset;
        _repeats[_count++] = false;
    }

    /// <summary>Ends the innermost loop.</summary>
    public void Close()
    {
        _open--;
        _changing = Math.Min(_changing, _open);
    }

    /// <summary>Notes a branch to the start of an open loop, before it is visited.</summary>
    /// <param name="loop">The loop's position among the open ones.</param>
    /// <param name="offset">The branch's offset in the module.</param>
    public void Back(int loop, int offset)
    {
        // What an inner loop does after a branch out of it may have been done before that branch: only branches to the innermost loop count.
        if (_dead != Reachable || loop < _changing || loop != _open - 1)
        {
            return;
        }

        if (_branchCount == _branches.Length)
        {
            Array.Resize(ref _branches, 2 * _branchCount);
        }

        _branches[_branchCount++] = offset;
        _repeats[_numbers[loop]] = true;
    }

    /// <summary>Looks at an instruction within a loop.</summary>
    public void Visit(in InstructionReader reader)
    {
        if (_dead != Reachable)
        {
            Skip(reader.Opcode);
            return;
        }

        ref readonly OpcodeTraits traits = ref reader.Traits;
        if (traits.Has(OpcodeFlags.Terminator))
        {
            _dead = 0;
        }
        else if (traits.Touches != OpcodeState.None)
        {
            Touch(traits.Reads, traits.Writes, (int)reader.Index);
        }
    }

    /// <summary>
    /// Whether a branch back to a loop of the function that was looked at last repeats it. To be asked in ascending order of offsets.
    /// </summary>
    public bool Repeats(int offset)
    {
        while (_next < _count && _offsets[_next] < offset)
        {
            _next++;
        }

        return _next < _count && _offsets[_next] == offset && _repeats[_next];
    }

    /// <summary>Whether a branch repeats its loop. To be asked in ascending order of offsets.</summary>
    public bool IsRepetition(int offset)
    {
        while (_nextBranch < _branchCount && _branches[_nextBranch] < offset)
        {
            _nextBranch++;
        }

        return _nextBranch < _branchCount && _branches[_nextBranch] == offset;
    }

    private void Touch(OpcodeState reads, OpcodeState writes, int variable)
    {
        if ((reads & writes) != OpcodeState.None)
        {
            // It reads in each iteration what it wrote in the one before.
            _changing = _open;
            return;
        }

        for (uint left = (uint)reads; left != 0; left &= left - 1)
        {
            Read(ThingOf(left, variable));
        }

        for (uint left = (uint)writes; left != 0; left &= left - 1)
        {
            Write(ThingOf(left, variable));
        }
    }

    /// <summary>The thing that the lowest bit stands for.</summary>
    private int ThingOf(uint states, int variable) => (OpcodeState)(states & (0 - states)) switch
    {
        OpcodeState.Local => FirstVariable + variable,
        OpcodeState.Global => FirstVariable + _locals + variable,
        _ => BitOperations.TrailingZeroCount(states),
    };

    private void Skip(Opcode opcode)
    {
        switch (opcode)
        {
            case Opcode.Block or Opcode.Loop or Opcode.If:
                _dead++;
                break;
            case Opcode.End:
                _dead--;
                break;
            case Opcode.Else when _dead == 0:
                _dead = Reachable;
                break;
        }
    }

    private void Read(int thing)
    {
        _read[thing] = ++_clock;
        Changing(_written[thing]);
    }

    private void Write(int thing)
    {
        _written[thing] = ++_clock;
        Changing(_read[thing]);
    }

    /// <summary>Marks the loops that both now and an earlier time lie in.</summary>
    private void Changing(long earlier)
    {
        if (_open == _changing || earlier < _starts[_changing])
        {
            return;
        }

        int found = Array.BinarySearch(_starts, _changing, _open - _changing, earlier);
        _changing = found >= 0 ? found + 1 : ~found;
    }
}
