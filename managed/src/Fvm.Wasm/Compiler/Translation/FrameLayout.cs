namespace Fvm.Wasm;

/// <summary>
/// The locations of a function's values. Locals are in registers, allocated once for the whole function, or in frame slots; spilled operands
/// are in frame slots. Locals with disjoint live ranges may share a register (<see cref="LocalRegisters"/>). From the stack pointer upwards, a
/// frame has call arguments, locals without register, operands, saved registers, the return address and the incoming arguments. All slots have
/// 8 bytes; only locals that need a slot have one.
/// </summary>
internal sealed class FrameLayout
{
    /// <summary>Size of a slot in bytes.</summary>
    public const int SlotSize = 8;

    private readonly LocalRegisters _allocation = new();

    /// <summary>The locals with registers.</summary>
    private int[] _inRegisters = new int[64];
    private int _inRegistersCount;

    /// <summary>Register per local, or none.</summary>
    private Register[] _registers = [];

    /// <summary>Per local, the first of the locals that share its register; the local itself if it has none.</summary>
    private int[] _homes = [];

    /// <summary>Slot index per local that has a slot, counted from the first local's.</summary>
    private int[] _places = [];

    /// <summary>Number of parameters.</summary>
    public int Parameters { get; private set; }

    /// <summary>Number of registers of <see cref="CallingConvention.Locals"/>, from the first, that hold locals; the function saves them.</summary>
    public int SavedCount => _allocation.SavedCount;

    /// <summary>Whether <see cref="CallingConvention.Volatile"/> holds locals.</summary>
    public bool UsesVolatile => _allocation.UsesVolatile;

    /// <summary>Number of locals with a frame slot, without parameters.</summary>
    public int PlaceCount { get; private set; }

    /// <summary>Number of slots, from the first, to be cleared on entry.</summary>
    public int ClearedCount { get; private set; }

    /// <summary>Offset of the locals' slots from the stack pointer, in bytes.</summary>
    public int LocalsAt { get; private set; }

    /// <summary>Offset of the operands' slots from the stack pointer, in bytes.</summary>
    public int OperandsAt { get; private set; }

    /// <summary>Begins a function, with all locals in the frame. Locals that are declared but not used cost no time.</summary>
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

    /// <summary>Allocates registers to the most used locals; those with disjoint live ranges may share one.</summary>
    public void AssignRegisters(LocalUses uses)
    {
        if (_inRegisters.Length < uses.Used.Length)
        {
            _inRegisters = new int[2 * uses.Used.Length];
        }

        _allocation.Allocate(uses, Parameters, this);
    }

    /// <summary>Assigns a register to a local.</summary>
    /// <param name="local">The local.</param>
    /// <param name="register">The register.</param>
    /// <param name="home">The first local with this register.</param>
    public void Assign(int local, Register register, int home)
    {
        _registers[local] = register;
        _homes[local] = home;
        _inRegisters[_inRegistersCount++] = local;
    }

    /// <summary>Assigns frame slots to the locals that need one. Locals that are declared but not used take no space.</summary>
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

    /// <summary>Sets the offsets of the frame's parts, in bytes from the stack pointer.</summary>
    public void Place(int localsAt, int operandsAt)
    {
        LocalsAt = localsAt;
        OperandsAt = operandsAt;
    }

    /// <summary>The register of a local, or <see cref="Register.None"/> for one in the frame.</summary>
    public Register RegisterOf(int local) => _registers[local];

    /// <summary>The representative of a local: the same for all locals that share a register.</summary>
    public int HomeOf(int local) => _homes[local];

    /// <summary>Whether calls clobber the local's register.</summary>
    public bool IsVolatile(int local) => _registers[local] == CallingConvention.Volatile;

    /// <summary>The frame slot of a local.</summary>
    public Address AddressOf(int local) => local < Parameters
        ? Address.Incoming(SlotSize * local)
        : new Address(Register.Rsp, LocalsAt + (SlotSize * _places[local]));

    /// <summary>The frame slot of an operand, by its depth in the operand stack.</summary>
    public Address SlotAt(int depth) => new(Register.Rsp, OperandsAt + (SlotSize * depth));

    private bool NeedsPlace(int local, DefiniteAssignment assignment) =>
        local >= Parameters && _registers[local] == Register.None && !assignment.IsZero(local);
}
