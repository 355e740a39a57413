namespace Fvm.Wasm;

/// <summary>
/// How far the first bounds check by a local in a region reaches: to the end of the furthest load by that local there, so that one check
/// serves all. A region is a sequence of instructions that all run unless a load among them is out of bounds, and of which none has an
/// effect outside the function's locals and operands. Whichever of the loads is out of bounds, the trap is the same, and so are the gas,
/// which is charged before a region, and all state that outlives the trap. Fed by a walk over the instructions in their order; time and
/// memory are linear in their number.
/// </summary>
internal sealed class RegionLoads
{
    private const int NoLocal = -1;

    /// <summary>For each local the number of its last check, from 1 on; 0 if it was set since.</summary>
    private int[] _checkOf = new int[64];
    private Check[] _checks = new Check[64];
    private int _count;

    /// <summary>The number of checks before the region.</summary>
    private int _before;

    /// <summary>The local that the instruction before pushed.</summary>
    private int _pushed;
    private int _next;

    /// <summary>Begins a function.</summary>
    /// <param name="used">The locals that the function before used.</param>
    /// <param name="locals">How many locals there are.</param>
    public void Reset(ReadOnlySpan<int> used, int locals)
    {
        foreach (int local in used)
        {
            _checkOf[local] = 0;
        }

        if (_checkOf.Length < locals)
        {
            Array.Resize(ref _checkOf, Math.Max(locals, 2 * _checkOf.Length));
        }

        _count = 0;
        _before = 0;
        _pushed = NoLocal;
        _next = 0;
    }

    /// <summary>Notes an instruction.</summary>
    public void Note(in InstructionReader reader)
    {
        ref readonly OpcodeTraits traits = ref reader.Traits;
        switch (traits.Family)
        {
            case OpcodeFamily.Local:
                int local = (int)reader.Index;
                _checkOf[local] = traits.Writes == OpcodeState.None ? _checkOf[local] : 0;
                _pushed = traits.Pushes == 0 ? NoLocal : local;
                return;
            case OpcodeFamily.Load when _pushed != NoLocal:
                Load(_pushed, reader.Offset, reader.MemoryOffset + (ulong)traits.Bytes);
                break;
            case OpcodeFamily.Control:
                _before = _count;
                break;
            default:
                if (traits.Writes != OpcodeState.None || traits.Has(OpcodeFlags.NeedsRuntime | OpcodeFlags.Traps))
                {
                    _before = _count;
                }

                break;
        }

        _pushed = NoLocal;
    }

    /// <summary>The number of bytes from the address in the local on that a load may check; 0 for just its own. Asked in ascending order.</summary>
    /// <param name="offset">The load's offset in the module.</param>
    public ulong ExtentAt(int offset)
    {
        while (_next < _count && _checks[_next].Offset < offset)
        {
            _next++;
        }

        return _next < _count && _checks[_next].Offset == offset ? _checks[_next].Extent : 0;
    }

    private void Load(int local, int offset, ulong extent)
    {
        if (extent > int.MaxValue)
        {
            // Needs a check of another form.
            return;
        }

        ref int number = ref _checkOf[local];
        if (number > _before)
        {
            ref Check check = ref _checks[number - 1];
            check = check with { Extent = Math.Max(check.Extent, (uint)extent) };
            return;
        }

        if (_count == _checks.Length)
        {
            Array.Resize(ref _checks, 2 * _count);
        }

        _checks[_count++] = new Check(offset, (uint)extent);
        number = _count;
    }

    private readonly record struct Check(int Offset, uint Extent);
}
