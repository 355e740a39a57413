namespace Fvm.Wasm;

/// <summary>
/// Register allocation for locals, in descending order of use: each local gets the first register without interference, that is, whose locals
/// have live ranges disjoint from its own (<see cref="LiveRanges"/>). Time and memory are linear in the function's size: the number of
/// candidates is limited, and each is compared with the set of occupied points per register.
/// </summary>
internal sealed class LocalRegisters
{
    private const int None = -1;

    /// <summary>Maximum number of candidates, the most used locals.</summary>
    private const int MaxCandidates = 64;

    /// <summary>Below this weight a register gains nothing: a set that is never read, or a parameter, which needs a load.</summary>
    private const uint MinimumWeight = 2;
    private const uint MinimumParameterWeight = 3;

    /// <summary>Below this weight a local does not repay saving another register.</summary>
    private const uint MinimumSavedWeight = 3;

    /// <summary>Minimum weight for the volatile register, about two uses in a loop: below it, operands need the register more often.</summary>
    private const uint MinimumVolatileWeight = 16;

    /// <summary>The first local per shared register, or none.</summary>
    private readonly int[] _first = new int[CallingConvention.Locals.Length + 1];

    /// <summary>The candidates as sort keys: complement of the weight, then index among the used locals; the best sorts first.</summary>
    private ulong[] _order = new ulong[64];

    /// <summary>Bit sets of points: the occupied ones per register, the volatile register last; then those of the current local.</summary>
    private ulong[] _points = new ulong[64];

    /// <summary>Number of registers of <see cref="CallingConvention.Locals"/> in use.</summary>
    public int SavedCount { get; private set; }

    /// <summary>Whether <see cref="CallingConvention.Volatile"/> is in use.</summary>
    public bool UsesVolatile { get; private set; }

    /// <summary>Allocates the registers of a function.</summary>
    /// <param name="uses">The uses of the function's locals.</param>
    /// <param name="parameters">Number of locals that are parameters.</param>
    /// <param name="frame">Receives the assigned registers.</param>
    public void Allocate(LocalUses uses, int parameters, FrameLayout frame)
    {
        SavedCount = 0;
        UsesVolatile = false;
        ReadOnlySpan<ulong> candidates = Candidates(uses, parameters);
        if (candidates.Length <= CallingConvention.Locals.Length)
        {
            GiveEachItsOwn(candidates, uses, frame);
        }
        else
        {
            Share(candidates, uses, parameters, frame);
        }
    }

    /// <summary>Assigns each candidate its own register: there are enough, so live ranges need not be compared.</summary>
    private void GiveEachItsOwn(ReadOnlySpan<ulong> candidates, LocalUses uses, FrameLayout frame)
    {
        foreach (ulong candidate in candidates)
        {
            int local = uses.Used[(int)(uint)candidate];
            if (uses.Weights[local] < MinimumSavedWeight)
            {
                break;
            }

            frame.Assign(local, CallingConvention.Locals[SavedCount++], home: local);
        }
    }

    private void Share(ReadOnlySpan<ulong> candidates, LocalUses uses, int parameters, FrameLayout frame)
    {
        int registers = CallingConvention.Locals.Length;
        LiveRanges ranges = uses.Ranges;
        int words = ranges.Words;
        int size = words * (registers + 2);
        if (_points.Length < size)
        {
            _points = new ulong[2 * size];
        }

        Span<ulong> own = _points.AsSpan((registers + 1) * words, words);
        foreach (ulong candidate in candidates)
        {
            int local = uses.Used[(int)(uint)candidate];
            uint weight = uses.Weights[local];
            own.Clear();
            ranges.AddTo(own, local, local < parameters || uses.Assignment.IsExposed(local));
            int register = Find(own, weight, ranges);
            if (register == None)
            {
                continue;
            }

            _first[register] = _first[register] == None ? local : _first[register];
            frame.Assign(local, register == registers ? CallingConvention.Volatile : CallingConvention.Locals[register], _first[register]);
        }
    }

    /// <summary>The candidates, best first.</summary>
    private ReadOnlySpan<ulong> Candidates(LocalUses uses, int parameters)
    {
        ReadOnlySpan<int> used = uses.Used;
        if (_order.Length < used.Length)
        {
            _order = new ulong[2 * used.Length];
        }

        int count = 0;
        for (int i = 0; i < used.Length; i++)
        {
            uint weight = uses.Weights[used[i]];
            if (weight >= (used[i] < parameters ? MinimumParameterWeight : MinimumWeight) && !uses.Assignment.IsZero(used[i]))
            {
                _order[count++] = ((ulong)~weight << 32) | (uint)i;
            }
        }

        Span<ulong> candidates = _order.AsSpan(0, count);
        candidates.Sort();
        return candidates[..Math.Min(count, MaxCandidates)];
    }

    /// <summary>Finds a register that is free at a set of points, and occupies it there.</summary>
    /// <returns>The register's index, the volatile register being the last; none if no register is free.</returns>
    private int Find(ReadOnlySpan<ulong> own, uint weight, LiveRanges ranges)
    {
        int words = own.Length;
        int registers = CallingConvention.Locals.Length;
        for (int i = 0; i < SavedCount; i++)
        {
            if (TryTake(_points.AsSpan(i * words, words), own))
            {
                return i;
            }
        }

        if (SavedCount < registers)
        {
            if (weight < MinimumSavedWeight)
            {
                return None;
            }

            _first[SavedCount] = None;
            own.CopyTo(_points.AsSpan(SavedCount * words));
            return SavedCount++;
        }

        if (weight < MinimumVolatileWeight)
        {
            return None;
        }

        Span<ulong> taken = _points.AsSpan(registers * words, words);
        if (!UsesVolatile)
        {
            taken.Clear();
            ranges.AddCallsTo(taken);
            _first[registers] = None;
        }

        bool free = TryTake(taken, own);
        UsesVolatile |= free;
        return free ? registers : None;
    }

    /// <summary>Occupies a register at a set of points, if it is free at all of them.</summary>
    private static bool TryTake(Span<ulong> taken, ReadOnlySpan<ulong> own)
    {
        for (int i = 0; i < own.Length; i++)
        {
            if ((taken[i] & own[i]) != 0)
            {
                return false;
            }
        }

        for (int i = 0; i < own.Length; i++)
        {
            taken[i] |= own[i];
        }

        return true;
    }
}
