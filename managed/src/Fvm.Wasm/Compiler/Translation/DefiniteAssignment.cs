using System.Runtime.CompilerServices;

namespace Fvm.Wasm;

/// <summary>
/// Definite assignment of a function's locals: which of them may be read before they are set, so that only these have to be cleared on entry,
/// which are never set at all, so that each read gives the constant zero, and which keep their value from one iteration of a loop to the next.
/// Errs to the side of clearing and of keeping. Fed by a walk over the instructions in their order; takes time linear in their number, as
/// each assignment is noted and forgotten at most once, apart from the search for a loop, which is logarithmic in their depth.
/// </summary>
internal sealed class DefiniteAssignment
{
    private const int NoBranch = int.MaxValue;

    private LocalState[] _states = new LocalState[64];

    /// <summary>
    /// The assignments that are on every path to the instruction at hand, in their order: of each local the first one in the function, and
    /// the first one in each open loop.
    /// </summary>
    private Assignment[] _assigned = new Assignment[64];
    private int _assignedCount;

    /// <summary>The locals that may be read before they are set.</summary>
    private int[] _exposed = new int[64];
    private int _exposedCount;

    private OpenBlock[] _blocks = new OpenBlock[64];
    private int _depth;

    /// <summary>For each open loop how many assignments there were at its start.</summary>
    private int[] _loops = new int[16];
    private int _loopDepth;

    /// <summary>Assignments at the start of the innermost loop, or of the function.</summary>
    private int _iteration;
    private int _parameters;

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
            _states[local] = default;
        }

        _assignedCount = 0;
        _exposedCount = 0;
        _depth = 0;
        _loopDepth = 0;
        _iteration = 0;
        _parameters = parameters;
        if (_states.Length < locals)
        {
            Array.Resize(ref _states, Math.Max(locals, 2 * _states.Length));
        }
    }

    /// <summary>Whether a used local may be read before it is set.</summary>
    public bool IsExposed(int local) => _states[local].IsExposed;

    /// <summary>Whether a used local is zero wherever it is read: no parameter, and never set.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsZero(int local) => local >= _parameters && !_states[local].IsEverSet;

    /// <summary>Notes a read.</summary>
    /// <returns>
    /// The outermost of the open loops since whose start the local may not have been set, so that it keeps its value from one iteration to
    /// the next, by the loops around it; negative if there is none.
    /// </returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Get(int local) => _states[local].Assigned > _iteration ? -1 : GetUnassigned(local);

    /// <summary>Notes a set, also one that keeps the value.</summary>
    public void Set(int local)
    {
        ref LocalState state = ref _states[local];
        if (state.Assigned > _iteration)
        {
            return;
        }

        if (_assignedCount == _assigned.Length)
        {
            Array.Resize(ref _assigned, 2 * _assignedCount);
        }

        _assigned[_assignedCount++] = new Assignment(local, state.Assigned);
        state.Assigned = _assignedCount;
        state.IsEverSet = true;
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
        if (opcode == Opcode.Loop)
        {
            if (_loopDepth == _loops.Length)
            {
                Array.Resize(ref _loops, 2 * _loopDepth);
            }

            _loops[_loopDepth++] = _assignedCount;
            _iteration = _assignedCount;
        }
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
                _loopDepth--;
                _iteration = _loopDepth == 0 ? 0 : _loops[_loopDepth - 1];
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

    /// <summary>Notes a read of a local that may not have been set in this iteration of the innermost loop.</summary>
    private int GetUnassigned(int local)
    {
        ref LocalState state = ref _states[local];
        if (state is { Assigned: 0, IsExposed: false } && local >= _parameters)
        {
            state.IsExposed = true;
            if (_exposedCount == _exposed.Length)
            {
                Array.Resize(ref _exposed, 2 * _exposedCount);
            }

            _exposed[_exposedCount++] = local;
        }

        return OutermostLoopSince(state.Assigned);
    }

    private void Forget(int count)
    {
        while (_assignedCount > count)
        {
            ref readonly Assignment assignment = ref _assigned[--_assignedCount];
            _states[assignment.Local].Assigned = assignment.Before;
        }
    }

    /// <summary>The outermost loop that was opened after as many assignments, or later; negative if none.</summary>
    private int OutermostLoopSince(int assignments)
    {
        int low = 0;
        int high = _loopDepth;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (_loops[middle] >= assignments)
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        return low < _loopDepth ? low : -1;
    }

    private readonly record struct Assignment(int Local, int Before);

    private struct LocalState
    {
        /// <summary>The local's latest assignment that counts, from 1 on; 0 if there is none.</summary>
        public int Assigned;
        public bool IsEverSet;
        public bool IsExposed;
    }

    private struct OpenBlock
    {
        public Opcode Opcode;

        /// <summary>How many assignments counted at its start.</summary>
        public int Entry;

        /// <summary>How many of them count on every branch to its end.</summary>
        public int Branch;
    }
}
