namespace Fvm.Wasm;

/// <summary>
/// Definite assignment of a function's locals: which of them may be read before they are set, so that only these have to be cleared on entry,
/// and which are never set at all, so that each read gives the constant zero. Errs to the side of clearing. Fed by a walk over the
/// instructions in their order; takes time linear in their number, as each assignment is noted and forgotten at most once.
/// </summary>
internal sealed class DefiniteAssignment
{
    private const int NoBranch = int.MaxValue;

    private LocalState[] _states = new LocalState[64];

    /// <summary>The locals that are set on every path to the instruction at hand, in the order of their first sets.</summary>
    private int[] _assigned = new int[64];
    private int _assignedCount;

    /// <summary>The locals that may be read before they are set.</summary>
    private int[] _exposed = new int[64];
    private int _exposedCount;

    private OpenBlock[] _blocks = new OpenBlock[64];
    private int _depth;
    private int _parameters;

    [Flags]
    private enum LocalState : byte
    {
        None = 0,
        Assigned = 1,
        EverSet = 2,
        Exposed = 4,
    }

    /// <summary>The locals besides parameters that may be read before they are set, in the order of such reads.</summary>
    public ReadOnlySpan<int> Exposed => _exposed.AsSpan(0, _exposedCount);

    /// <summary>Begins a function.</summary>
    /// <param name="used">The locals that the function before used.</param>
    /// <param name="parameters">How many of the locals are parameters.</param>
    /// <param name="locals">How many locals there are.</param>
    public void Reset(ReadOnlySpan<int> used, int parameters, int locals)
    {
        foreach (int local in used)
        {
            _states[local] = LocalState.None;
        }

        _assignedCount = 0;
        _exposedCount = 0;
        _depth = 0;
        _parameters = parameters;
        if (_states.Length < locals)
        {
            Array.Resize(ref _states, Math.Max(locals, 2 * _states.Length));
        }
    }

    /// <summary>Whether a used local may be read before it is set.</summary>
    public bool IsExposed(int local) => (_states[local] & LocalState.Exposed) != 0;

    /// <summary>Whether a used local is zero wherever it is read: no parameter, and never set.</summary>
    public bool IsZero(int local) => local >= _parameters && (_states[local] & LocalState.EverSet) == 0;

    /// <summary>Notes a read.</summary>
    public void Get(int local)
    {
        ref LocalState state = ref _states[local];
        if (local < _parameters || (state & (LocalState.Assigned | LocalState.Exposed)) != 0)
        {
            return;
        }

        state |= LocalState.Exposed;
        Append(ref _exposed, ref _exposedCount, local);
    }

    /// <summary>Notes a set, also one that keeps the value.</summary>
    public void Set(int local)
    {
        ref LocalState state = ref _states[local];
        if (local < _parameters || (state & LocalState.Assigned) != 0)
        {
            return;
        }

        state |= LocalState.Assigned | LocalState.EverSet;
        Append(ref _assigned, ref _assignedCount, local);
    }

    /// <summary>Begins a block.</summary>
    /// <param name="opcode">block, loop or if.</param>
    public void Open(Opcode opcode)
    {
        if (_depth == _blocks.Length)
        {
            Array.Resize(ref _blocks, 2 * _depth);
        }

        _blocks[_depth++] = new OpenBlock { Opcode = opcode, Entry = _assignedCount, Branch = NoBranch };
    }

    /// <summary>Begins the second arm of a condition.</summary>
    public void Else() => Forget(_blocks[_depth - 1].Entry);

    /// <summary>Ends the innermost block. Ignored for the function's own end.</summary>
    public void End()
    {
        if (_depth == 0)
        {
            return;
        }

        ref readonly OpenBlock block = ref _blocks[--_depth];
        switch (block.Opcode)
        {
            case Opcode.If:
                Forget(block.Entry);
                break;
            case Opcode.Block:
                Forget(Math.Min(_assignedCount, block.Branch));
                break;
            default:
                // The end of a loop is reached only past its last instruction.
                break;
        }
    }

    /// <summary>Notes a branch.</summary>
    /// <param name="label">The number of blocks between it and its target.</param>
    public void Branch(uint label)
    {
        if (label >= (uint)_depth)
        {
            return;
        }

        ref OpenBlock target = ref _blocks[_depth - 1 - (int)label];
        if (target.Branch == NoBranch)
        {
            // What is assigned in inner blocks may be forgotten and assigned otherwise later: only what was assigned at the entry of the
            // outermost of them counts. That never shrinks while the target is open, so the first branch has the least.
            target.Branch = label == 0 ? _assignedCount : _blocks[_depth - (int)label].Entry;
        }
    }

    private void Forget(int count)
    {
        while (_assignedCount > count)
        {
            _states[_assigned[--_assignedCount]] &= ~LocalState.Assigned;
        }
    }

    private static void Append(ref int[] list, ref int count, int local)
    {
        if (count == list.Length)
        {
            Array.Resize(ref list, 2 * count);
        }

        list[count++] = local;
    }

    private struct OpenBlock
    {
        public Opcode Opcode;

        /// <summary>How many locals were assigned at its start.</summary>
        public int Entry;

        /// <summary>How many of them are assigned on every branch to its end.</summary>
        public int Branch;
    }
}
