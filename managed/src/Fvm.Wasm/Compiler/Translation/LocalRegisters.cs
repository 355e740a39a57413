namespace Fvm.Wasm;

/// <summary>
/// Register allocation for locals: the most used ones choose first, and each gets the first register in which no other lives at the same
/// time as it does (<see cref="LiveRanges"/>). Takes time and memory linear in the size of the function: only so many locals are tried, and
/// each against the points at which a register is taken, for each register.
/// </summary>
internal sealed class LocalRegisters
{
    private const int None = -1;

    /// <summary>The most used locals, as many, can have registers.</summary>
    private const int MaxCandidates = 64;

    /// <summary>A local with fewer uses gains nothing: a set that is never read, or a parameter, which has to be loaded.</summary>
    private const uint MinimumWeight = 2;
    private const uint MinimumParameterWeight = 3;

    /// <summary>A local with fewer uses is not worth saving another register.</summary>
    private const uint MinimumSavedWeight = 3;

    /// <summary>A local with fewer uses, about two in a loop, does not get the volatile register: operands need it more often.</summary>
    private const uint MinimumVolatileWeight = 16;

    /// <summary>The first local of each register that is shared, or none.</summary>
    private readonly int[] _first = new int[CallingConvention.Locals.Length + 1];

    /// <summary>The candidates, by weight and then by number among those used, both so that sorting brings the best to the front.</summary>
    private ulong[] _order = new ulong[64];

    /// <summary>For each register, the volatile one last, the points at which it is taken; then the points of the local at hand.</summary>
    private ulong[] _points = new ulong[64];

    /// <summary>Registers of <see cref="CallingConvention.Locals"/> that are taken.</summary>
    public int SavedCount { get; private set; }

    /// <summary>Whether <see cref="CallingConvention.Volatile"/> is taken.</summary>
    public bool UsesVolatile { get; private set; }

    /// <summary>Allocates the registers of a function.</summary>
    /// <param name="uses">The uses of its locals.</param>
    /// <param name="parameters">How many of them are parameters.</param>
    /// <param name="frame">Where each local that gets a register is noted.</param>
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

    /// <summary>Gives the candidates registers of their own: there are enough, and ranges need not be compared.</summary>
    private void GiveEachItsOwn(ReadOnlySpan<ulong> candidates, LocalUses uses, FrameLayout frame)
    {
        foreach (ulong candidate in candidates)
        {
            int local = uses.Used[(int)(uint)candidate];
            if (uses.Weights[local] < MinimumSavedWeight)
            {
                break;
            }

            int first = None;
            frame.Assign(local, CallingConvention.Locals[SavedCount++], ref first);
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
            if (register != None)
            {
                frame.Assign(local, register == registers ? CallingConvention.Volatile : CallingConvention.Locals[register], ref _first[register]);
            }
        }
    }

    /// <summary>The best candidates, in their order.</summary>
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

    /// <summary>Takes a register for a set of points.</summary>
    /// <returns>Its number, that of the volatile one being the last; none if all are taken.</returns>
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

    /// <summary>Adds points to those at which a register is taken, if it is free at all of them.</summary>
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
