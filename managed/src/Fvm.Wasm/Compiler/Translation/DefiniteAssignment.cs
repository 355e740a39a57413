using System.Runtime.CompilerServices;

namespace Fvm.Wasm;

/// <summary>
/// Definite assignment of a function's locals. Finds the locals that may be read before they are set (only these are cleared on entry), those
/// that are never set (each read is the constant zero), and those that keep their value across the back edge of a loop. Conservative: it may
/// report too many locals as cleared or kept. Fed by one walk over the instructions, in linear time, since each assignment is recorded and
/// undone at most once; only the search for a loop is logarithmic in the loop depth.
/// </summary>
internal sealed class DefiniteAssignment
{
    private const int NoBranch = int.MaxValue;

    private LocalState[] _states = new LocalState[64];

    /// <summary>
    /// The assignments on every path to the current instruction, in program order: per local, the first one in the function, and the first one in
    /// each open loop.
    /// </summary>
    private Assignment[] _assigned = new Assignment[64];
    private int _assignedCount;

    /// <summary>The locals that may be read before they are set.</summary>
    private int[] _exposed = new int[64];
    private int _exposedCount;

    private OpenBlock[] _blocks = new OpenBlock[64];
    private int _depth;

    /// <summary>Per open loop, the number of assignments at its start.</summary>
    private int[] _loops = new int[16];
    private int _loopDepth;

    /// <summary>Number of assignments at the start of the innermost loop, or of the function.</summary>
    private int _iteration;
    private int _parameters;

    /// <summary>The locals, without parameters, that may be read before they are set, in the order of their first such reads.</summary>
    public ReadOnlySpan<int> Exposed => _exposed.AsSpan(0, _exposedCount);

    /// <summary>Begins a function.</summary>
    /// <param name="used">The locals used by the previous function.</param>
    /// <param name="parameters">Number of locals that are parameters.</param>
    /// <param name="locals">Number of locals.</param>
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

    /// <summary>Whether a used local is zero at each read: not a parameter, and never set.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsZero(int local) => local >= _parameters && !_states[local].IsEverSet;

    /// <summary>Records a read.</summary>
    /// <returns>
    /// The outermost open loop since whose start the local may not have been set, so that it keeps its value across the back edge, as the number
    /// of enclosing loops; negative if none.
    /// </returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Get(int local) => _states[local].Assigned > _iteration ? -1 : GetUnassigned(local);

    /// <summary>Records a set, by <c>local.set</c> or <c>local.tee</c>.</summary>
    public void Set(int local)
    {
        ref LocalState state = ref _states[local];
        if (state.Assigned > _iteration)
        {
            return;
        }

        Growing.Append(ref _assigned, ref _assignedCount, new Assignment(local, state.Assigned));
        state.Assigned = _assignedCount;
        state.IsEverSet = true;
    }

    /// <summary>Begins a block.</summary>
    /// <param name="opcode"><c>block</c>, <c>loop</c> or <c>if</c>.</param>
    public void Open(Opcode opcode)
    {
        Growing.Append(ref _blocks, ref _depth, new OpenBlock { Opcode = opcode, Entry = _assignedCount, Branch = NoBranch });
        if (opcode == Opcode.Loop)
        {
            Growing.Append(ref _loops, ref _loopDepth, _assignedCount);
            _iteration = _assignedCount;
        }
    }

    /// <summary>Begins the second arm of an <c>if</c>.</summary>
    public void Else() => Forget(_blocks[_depth - 1].Entry);

    /// <summary>Number of open loops.</summary>
    public int Loops => _loopDepth;

    /// <summary>Ends the innermost block. Ignored at the function's own end.</summary>
    /// <returns>Whether the block is a loop.</returns>
    public bool End()
    {
        if (_depth == 0)
        {
            return false;
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
                // A loop's end is reached only from its last instruction.
                _loopDepth--;
                _iteration = _loopDepth == 0 ? 0 : _loops[_loopDepth - 1];
                return true;
        }

        return false;
    }

    /// <summary>Records a branch.</summary>
    /// <param name="label">Relative depth of the target, as in the instruction.</param>
    public void Branch(uint label)
    {
        if (label >= (uint)_depth)
        {
            return;
        }

        ref OpenBlock target = ref _blocks[_depth - 1 - (int)label];
        if (target.Branch == NoBranch)
        {
            // Assignments in inner blocks may be undone, and replaced by others, before the target's end: only those at the entry of the outermost
            // inner block count. Their number never shrinks while the target is open, so the first branch has the minimum.
            target.Branch = label == 0 ? _assignedCount : _blocks[_depth - (int)label].Entry;
        }
    }

    /// <summary>Records a read of a local that may be unset in this iteration of the innermost loop.</summary>
    private int GetUnassigned(int local)
    {
        ref LocalState state = ref _states[local];
        if (state is { Assigned: 0, IsExposed: false } && local >= _parameters)
        {
            state.IsExposed = true;
            Growing.Append(ref _exposed, ref _exposedCount, local);
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

    /// <summary>The outermost open loop with at least this number of assignments at its start; negative if none.</summary>
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
        /// <summary>The local's latest assignment that counts, numbered from 1; 0 if none.</summary>
        public int Assigned;
        public bool IsEverSet;
        public bool IsExposed;
    }

    private struct OpenBlock
    {
        public Opcode Opcode;

        /// <summary>Number of assignments at the block's start.</summary>
        public int Entry;

        /// <summary>Number of assignments common to all branches to its end.</summary>
        public int Branch;
    }
}
