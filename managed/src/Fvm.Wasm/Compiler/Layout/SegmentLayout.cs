namespace Fvm.Wasm;

/// <summary>
/// Where things are in a module's code segment, as distances from its first byte of code. Before the code, at negative distances, lie data
/// that code reads: addresses and types of functions. After its first byte come the stubs, then functions as they are compiled.
/// <para>A reference to a function is a number: 0 for null, 1 + f for function f as tables have it (entered through its thunk), and
/// 1 + n + f, with n functions in all, for the function without thunk, as <c>ref.func</c> in the initialiser of a global makes it.</para>
/// </summary>
internal sealed class SegmentLayout
{
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

    /// <summary>Slots that do not belong to a function.</summary>
    private const int SharedSlots = 3;

    /// <summary>Bytes before the code.</summary>
    public int DataSize { get; }

    public int ReferenceCount => _references;

    /// <summary>Slot with the address of the function of the runtime that helpers run in.</summary>
    public int HelperSlot => -DataSize;

    /// <summary>Slot with the address of the function of the runtime that compiles.</summary>
    public int CompileSlot => HelperSlot + PointerSize;

    /// <summary>Slot with the address of the entries of <see cref="PassiveData"/>.</summary>
    public int DataSlot => CompileSlot + PointerSize;

    /// <summary>Slot through which a function is called.</summary>
    public int FunctionSlot(int function) => -DataSize + (PointerSize * (SharedSlots + function));

    /// <summary>Slot of a function's variant that does not count on the limited stack.</summary>
    public int UncountedSlot(int function) => FunctionSlot(_functions + function);

    /// <summary>Slots through which references are called, by the reference's number.</summary>
    public int Entries => FunctionSlot(2 * _functions);

    /// <summary>Numbers of the types of references, 4 bytes each, by the reference's number; all bits set for null.</summary>
    public int Types => Entries + (PointerSize * _references);

    /// <summary>The stub by which managed code enters.</summary>
    public int Entry { get; set; }

    /// <summary>The stub that calls a helper, whose number is in eax.</summary>
    public int CallHelper { get; set; }

    /// <summary>The function that does <c>memory.copy</c>.</summary>
    public int MemoryCopy { get; set; }

    /// <summary>The function that does <c>memory.fill</c>.</summary>
    public int MemoryFill { get; set; }

    /// <summary>The function that does <c>memory.init</c>.</summary>
    public int MemoryInit { get; set; }

    /// <summary>The stub that <c>call_indirect</c> jumps to when types differ; ecx holds the reference.</summary>
    public int BadReference { get; set; }

    /// <summary>Bytes of all stubs: where functions begin.</summary>
    public int StubsSize { get; set; }

    /// <summary>The stub that ends execution with a trap.</summary>
    public int Trap(TrapCode code) => _traps[(int)code];

    /// <summary>A stub of <see cref="ConversionStubs"/>.</summary>
    /// <param name="conversion">Which.</param>
    /// <param name="width">That of the float.</param>
    public int Conversion(Conversion conversion, Width width) => _conversions[(2 * (int)conversion) + (width == Width.W64 ? 1 : 0)];

    public void SetConversion(Conversion conversion, Width width, int place) =>
        _conversions[(2 * (int)conversion) + (width == Width.W64 ? 1 : 0)] = place;

    public void SetTrap(TrapCode code, int place) => _traps[(int)code] = place;

    /// <summary>Names of stubs and slots, for people.</summary>
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
