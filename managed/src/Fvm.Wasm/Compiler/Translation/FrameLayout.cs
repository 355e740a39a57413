namespace Fvm.Wasm;

/// <summary>
/// Where a function's values are: locals in registers, which is decided once for the whole function, or in the frame; operands that were
/// spilled in the frame. From the stack pointer up a frame has arguments of calls, locals without register, operands, then the saved
/// registers, the return address and the incoming arguments. All places have 8 bytes; a local has one only if it needs it.
/// </summary>
internal sealed class FrameLayout
{
    /// <summary>Bytes of a place.</summary>
    public const int SlotSize = 8;

    /// <summary>A local with fewer uses stays in the frame: saving a register costs as much.</summary>
    private const uint MinimumWeight = 3;

    /// <summary>The locals that have registers, in the order of <see cref="Convention.Locals"/>.</summary>
    private readonly int[] _inRegisters = new int[Convention.Locals.Length];

    /// <summary>The register of each local, or none.</summary>
    private Register[] _registers = [];

    /// <summary>The place of each local that has one, counted from the first.</summary>
    private int[] _places = [];

    /// <summary>Locals that are parameters.</summary>
    public int Parameters { get; private set; }

    /// <summary>The first registers of <see cref="Convention.Locals"/>, as many, hold locals; the function saves them.</summary>
    public int SavedCount { get; private set; }

    /// <summary>Locals with a place in the frame, other than parameters.</summary>
    public int PlaceCount { get; private set; }

    /// <summary>The first places, as many, must be cleared on entry.</summary>
    public int ClearedCount { get; private set; }

    /// <summary>Distance of the locals' places from the stack pointer, in bytes.</summary>
    public int LocalsAt { get; private set; }

    /// <summary>Distance of the operands from the stack pointer, in bytes.</summary>
    public int OperandsAt { get; private set; }

    /// <summary>Begins another function, with all locals in the frame. What a function declares and does not use costs no time.</summary>
    public void Reset(int parameters, int locals)
    {
        foreach (int local in _inRegisters.AsSpan(0, SavedCount))
        {
            _registers[local] = Register.None;
        }

        if (_registers.Length < locals)
        {
            _registers = new Register[Math.Max(locals, 2 * _registers.Length)];
            Array.Fill(_registers, Register.None);
            _places = new int[_registers.Length];
        }

        Parameters = parameters;
        SavedCount = 0;
    }

    /// <summary>Gives registers to the locals that are used most.</summary>
    public void AssignRegisters(LocalUses uses)
    {
        ReadOnlySpan<Register> registers = Convention.Locals;
        Span<int> best = _inRegisters;
        ReadOnlySpan<uint> weights = uses.Weights;
        int count = 0;
        foreach (int local in uses.Used)
        {
            uint weight = weights[local];
            if (weight < MinimumWeight || uses.Assignment.IsZero(local) || (count == best.Length && weights[best[^1]] >= weight))
            {
                continue;
            }

            int at = Math.Min(count, best.Length - 1);
            for (; at > 0 && weights[best[at - 1]] < weight; at--)
            {
                best[at] = best[at - 1];
            }

            best[at] = local;
            count = Math.Min(count + 1, best.Length);
        }

        SavedCount = count;
        for (int i = 0; i < count; i++)
        {
            _registers[best[i]] = registers[i];
        }
    }

    /// <summary>Gives places in the frame to the locals that need one: what a function declares and does not use takes no room.</summary>
    public void AssignPlaces(LocalUses uses)
    {
        DefiniteAssignment assignment = uses.Assignment;
        PlaceCount = 0;
        foreach (int local in assignment.Exposed)
        {
            if (NeedsPlace(local, assignment))
            {
                _places[local] = PlaceCount++;
            }
        }

        ClearedCount = PlaceCount;
        foreach (int local in uses.Used)
        {
            if (NeedsPlace(local, assignment) && !assignment.IsExposed(local))
            {
                _places[local] = PlaceCount++;
            }
        }
    }

    /// <summary>Sets where the parts of the frame are, in bytes from the stack pointer.</summary>
    public void Place(int localsAt, int operandsAt)
    {
        LocalsAt = localsAt;
        OperandsAt = operandsAt;
    }

    /// <summary>The register of a local, or <see cref="Register.None"/> for one in the frame.</summary>
    public Register RegisterOf(int local) => _registers[local];

    /// <summary>The place of a local in the frame.</summary>
    public Address AddressOf(int local) => local < Parameters
        ? Address.Incoming(SlotSize * local)
        : new Address(Register.Rsp, LocalsAt + (SlotSize * _places[local]));

    /// <summary>The place of an operand in the frame, by its depth in the operand stack.</summary>
    public Address SlotAt(int depth) => new(Register.Rsp, OperandsAt + (SlotSize * depth));

    private bool NeedsPlace(int local, DefiniteAssignment assignment) =>
        local >= Parameters && _registers[local] == Register.None && !assignment.IsZero(local);
}
