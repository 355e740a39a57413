namespace Fvm.Wasm;

/// <summary>
/// Where a function's values are: locals in registers, which is decided once for the whole function, or in the frame; operands that were
/// spilled in the frame. Locals that never live at the same time may share a register (<see cref="LocalRegisters"/>). From the stack pointer
/// up a frame has arguments of calls, locals without register, operands, then the saved registers, the return address and the incoming
/// arguments. All places have 8 bytes; a local has one only if it needs it.
/// </summary>
internal sealed class FrameLayout
{
    /// <summary>Bytes of a place.</summary>
    public const int SlotSize = 8;

    private readonly LocalRegisters _allocation = new();

    /// <summary>The locals that have registers.</summary>
    private int[] _inRegisters = new int[64];
    private int _inRegistersCount;

    /// <summary>The register of each local, or none.</summary>
    private Register[] _registers = [];

    /// <summary>For each local the first of those that share its register; itself, if it has none.</summary>
    private int[] _homes = [];

    /// <summary>The place of each local that has one, counted from the first.</summary>
    private int[] _places = [];

    /// <summary>Locals that are parameters.</summary>
    public int Parameters { get; private set; }

    /// <summary>The first registers of <see cref="CallingConvention.Locals"/>, as many, hold locals; the function saves them.</summary>
    public int SavedCount => _allocation.SavedCount;

    /// <summary>Whether <see cref="CallingConvention.Volatile"/> holds locals.</summary>
    public bool UsesVolatile => _allocation.UsesVolatile;

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
        foreach (int local in _inRegisters.AsSpan(0, _inRegistersCount))
        {
            _registers[local] = Register.None;
            _homes[local] = local;
        }

        if (_registers.Length < locals)
        {
            _registers = new Register[Math.Max(locals, 2 * _registers.Length)];
            Array.Fill(_registers, Register.None);
            _homes = [.. Enumerable.Range(0, _registers.Length)];
            _places = new int[_registers.Length];
        }

        Parameters = parameters;
        _inRegistersCount = 0;
    }

    /// <summary>Gives registers to the locals that are used most; those that never live at the same time may share one.</summary>
    public void AssignRegisters(LocalUses uses)
    {
        if (_inRegisters.Length < uses.Used.Length)
        {
            _inRegisters = new int[2 * uses.Used.Length];
        }

        _allocation.Allocate(uses, Parameters, this);
    }

    /// <summary>Gives a register to a local.</summary>
    /// <param name="local">The local.</param>
    /// <param name="register">The register.</param>
    /// <param name="first">The local that it was given to first; negative before that.</param>
    public void Assign(int local, Register register, ref int first)
    {
        first = first < 0 ? local : first;
        _registers[local] = register;
        _homes[local] = first;
        _inRegisters[_inRegistersCount++] = local;
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

    /// <summary>What stands for a local where registers matter: of the locals that share a register the same one for all.</summary>
    public int HomeOf(int local) => _homes[local];

    /// <summary>Whether a call changes the register of a local.</summary>
    public bool IsVolatile(int local) => _registers[local] == CallingConvention.Volatile;

    /// <summary>The place of a local in the frame.</summary>
    public Address AddressOf(int local) => local < Parameters
        ? Address.Incoming(SlotSize * local)
        : new Address(Register.Rsp, LocalsAt + (SlotSize * _places[local]));

    /// <summary>The place of an operand in the frame, by its depth in the operand stack.</summary>
    public Address SlotAt(int depth) => new(Register.Rsp, OperandsAt + (SlotSize * depth));

    private bool NeedsPlace(int local, DefiniteAssignment assignment) =>
        local >= Parameters && _registers[local] == Register.None && !assignment.IsZero(local);
}
