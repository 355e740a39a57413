namespace Fvm.Wasm;

/// <summary>
/// Layout of a module's code segment, as offsets from its first byte of code. Data that code reads (addresses and types of functions) lie
/// before the code, at negative offsets. The stubs are at the start of the code, followed by functions in the order of compilation.
/// <para>A function reference is a number: 0 for null, 1 + f for function f in tables (entered through its thunk), and
/// 1 + n + f, with n the number of functions, for function f without thunk, as <c>ref.func</c> in a global's initialiser gives it.</para>
/// </summary>
internal sealed class SegmentLayout
{
    /// <summary>
    /// Alignment in bytes of loop heads and functions: a cache line. The branches of a short loop then share a line, which
    /// processors predict faster (calls in a loop took up to 1.5 times as long, by chance of placement). Costs 4 % of code size.
    /// </summary>
    public const int LoopAlignment = 64;

    private const int PointerSize = 8;
    private const int TypeSize = 4;
    private const int PageSize = 4096;

    private readonly int _functions;
    private readonly int _references;
    private readonly int[] _traps = new int[(int)TrapCode.HostFault + 1];
    private readonly int[] _conversions = new int[2 * ((int)Fvm.Wasm.Conversion.Unsigned64 + 1)];

    public SegmentLayout(int functions)
    {
        _functions = functions;
        _references = (2 * functions) + 1;
        int size = (PointerSize * ((2 * functions) + _references + SharedSlots)) + (TypeSize * _references);
        DataSize = (size + PageSize - 1) & -PageSize;
    }

    /// <summary>Number of slots that belong to no function.</summary>
    private const int SharedSlots = 3;

    /// <summary>Size of the data before the code, in bytes.</summary>
    public int DataSize { get; }

    public int ReferenceCount => _references;

    /// <summary>Slot with the address of the runtime function that executes helpers.</summary>
    public int HelperSlot => -DataSize;

    /// <summary>Slot with the address of the runtime function that compiles.</summary>
    public int CompileSlot => HelperSlot + PointerSize;

    /// <summary>Slot with the address of the first entry of <see cref="PassiveData"/>.</summary>
    public int DataSlot => CompileSlot + PointerSize;

    /// <summary>Slot for calls of a function.</summary>
    public int FunctionSlot(int function) => -DataSize + (PointerSize * (SharedSlots + function));

    /// <summary>Slot of a function's variant whose frame does not count towards the stack limit.</summary>
    public int UncountedSlot(int function) => FunctionSlot(_functions + function);

    /// <summary>Slots for calls of references, by the reference's number.</summary>
    public int Entries => FunctionSlot(2 * _functions);

    /// <summary>Type numbers of references, 4 bytes each, by the reference's number; all bits set for null.</summary>
    public int Types => Entries + (PointerSize * _references);

    /// <summary>The stub for entry from managed code.</summary>
    public int Entry { get; set; }

    /// <summary>The stub that calls a helper; its number is in eax.</summary>
    public int CallHelper { get; set; }

    /// <summary>The routine for <c>memory.copy</c>.</summary>
    public int MemoryCopy { get; set; }

    /// <summary>The routine for <c>memory.fill</c>.</summary>
    public int MemoryFill { get; set; }

    /// <summary>The routine for <c>memory.init</c>.</summary>
    public int MemoryInit { get; set; }

    /// <summary>The target of <c>call_indirect</c> on a type mismatch; ecx holds the reference.</summary>
    public int BadReference { get; set; }

    /// <summary>Size of all stubs in bytes: the position of the first function.</summary>
    public int StubsSize { get; set; }

    /// <summary>The stub that ends execution with a trap.</summary>
    public int Trap(TrapCode code) => _traps[(int)code];

    /// <summary>A stub of <see cref="ConversionStubs"/>.</summary>
    /// <param name="conversion">The case of the conversion.</param>
    /// <param name="width">The float's width.</param>
    public int Conversion(Conversion conversion, Width width) => _conversions[(2 * (int)conversion) + (width == Width.W64 ? 1 : 0)];

    public void SetConversion(Conversion conversion, Width width, int place) =>
        _conversions[(2 * (int)conversion) + (width == Width.W64 ? 1 : 0)] = place;

    public void SetTrap(TrapCode code, int place) => _traps[(int)code] = place;

    /// <summary>Names of stubs and slots, for listings.</summary>
    public IEnumerable<(int Place, string Name)> Names()
    {
        yield return (CallHelper, "runtime");
        yield return (MemoryCopy, "memory.copy");
        yield return (MemoryFill, "memory.fill");
        yield return (MemoryInit, "memory.init");
        yield return (BadReference, "bad reference");
        for (Conversion conversion = Fvm.Wasm.Conversion.Bad; conversion <= Fvm.Wasm.Conversion.Unsigned64; conversion++)
        {
            yield return (Conversion(conversion, Width.W32), $"conversion {conversion} f32");
            yield return (Conversion(conversion, Width.W64), $"conversion {conversion} f64");
        }

        yield return (Types, "types of references");
        for (TrapCode code = TrapCode.Unreachable; code <= TrapCode.HostFault; code++)
        {
            yield return (Trap(code), $"trap {code}");
        }

        for (int function = 0; function < _functions; function++)
        {
            yield return (FunctionSlot(function), $"function {function}");
        }
    }
}
