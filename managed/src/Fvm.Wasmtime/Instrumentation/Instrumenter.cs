using Fvm.Wasm;

namespace Fvm.Wasmtime;

/// <summary>Rewrites a module for Wasmtime (<see cref="InstrumentedModule"/>).</summary>
/// <remarks>
/// Functions are in the order of the reference's result: imports, the module's own, thunks, the gas function. The vetoes on growth are
/// imported, so that the module's own functions move up by their number. The gas counter is a global of the module, where the reference
/// imports it: no instruction tells the difference.
/// </remarks>
internal sealed partial class Instrumenter
{
    private readonly WasmModule _module;
    private readonly MeteringRules? _rules;
    private readonly ImportedState _imported;
    private readonly bool _observesGlobals;
    private readonly InstrumentationLimits? _limits;
    private readonly List<FunctionType> _types;
    private readonly List<ImportedFunction> _imports = [];
    private readonly List<int> _thunks = [];
    private readonly Dictionary<int, int> _thunkOf = [];
    private readonly ExportPositions _exports = new();
    private int _mayGrowMemory = ExportPositions.None;
    private int _mayGrowTable = ExportPositions.None;

    private Instrumenter(WasmModule module, MeteringRules? rules, ImportedState imported, bool observesGlobals)
    {
        _module = module;
        _rules = rules;
        _imported = imported;
        _observesGlobals = observesGlobals;
        _limits = rules is null ? null : InstrumentationLimits.Check(module);
        _types = [.. module.Types];
    }

    // Index of the gas function before the move: it follows the thunks.
    private int GasFunction => _module.FunctionCount + _thunks.Count;

    private uint HeightGlobal => (uint)_module.Globals.Length;

    private uint GasGlobal => (uint)_module.Globals.Length + 1;

    /// <summary>Rewrites a validated module.</summary>
    /// <param name="module">The module.</param>
    /// <param name="rules">Metering rules; null for none.</param>
    /// <param name="imported">Definitions in place of imported globals, memory and table.</param>
    /// <param name="observesGlobals">Whether globals are exported.</param>
    /// <exception cref="InvalidModuleException">The reference's instrumentation refuses the module.</exception>
    public static InstrumentedModule Write(WasmModule module, MeteringRules? rules, ImportedState imported, bool observesGlobals) =>
        new Instrumenter(module, rules, imported, observesGlobals).Write();

    private InstrumentedModule Write()
    {
        foreach (Import import in _module.Imports)
        {
            if (import.Kind == ExternalKind.Function)
            {
                _imports.Add(new ImportedFunction(_module.Types[import.TypeIndex], import.TypeIndex, ImportPurpose.Host));
            }
        }

        List<BodyInstruction>[] bodies = new List<BodyInstruction>[_module.Bodies.Length];
        for (int i = 0; i < bodies.Length; i++)
        {
            bodies[i] = BodyInstruction.Read(_module, _module.Bodies[i]);
            AddVetoes(bodies[i]);
        }

        uint[] heights = HeightsOf(bodies);
        FindThunks(heights);
        WasmWriter code = WriteCode(bodies, heights);
        WasmWriter writer = new WasmWriter().Raw("\0asm\x1\0\0\0"u8);
        WasmWriter functions = WriteFunctions();
        WasmWriter imports = WriteImports();
        Section(writer, 1, WriteTypes());
        Section(writer, 2, imports);
        Section(writer, 3, functions);
        Section(writer, 4, WriteTables());
        Section(writer, 5, WriteMemories());
        Section(writer, 6, WriteGlobals());
        Section(writer, 7, WriteExports());
        Section(writer, 9, WriteElements());
        if (_module.HasDataCount)
        {
            Section(writer, 12, new WasmWriter().Count(_module.Data.Length));
        }

        Section(writer, 10, code);
        Section(writer, 11, WriteData());
        return new InstrumentedModule(writer.Written.ToArray(), [.. _imports], _exports);
    }

    private void AddVetoes(List<BodyInstruction> body)
    {
        foreach (BodyInstruction instruction in body)
        {
            if (instruction.Opcode == Opcode.MemoryGrow && _mayGrowMemory < 0)
            {
                _mayGrowMemory = AddVeto(ImportPurpose.MayGrowMemory);
            }
            else if (instruction.Opcode == Opcode.TableGrow && _mayGrowTable < 0)
            {
                _mayGrowTable = AddVeto(ImportPurpose.MayGrowTable);
            }
        }
    }

    private int AddVeto(ImportPurpose purpose)
    {
        FunctionType type = new([ValueKind.I32], [ValueKind.I32]);
        _imports.Add(new ImportedFunction(type, TypeIndex(type), purpose));
        return _imports.Count - 1;
    }

    private uint[] HeightsOf(List<BodyInstruction>[] bodies)
    {
        uint[] heights = new uint[_module.FunctionCount];
        if (_rules is not null)
        {
            StackHeights rule = new(_module, _rules);
            for (int i = 0; i < bodies.Length; i++)
            {
                heights[_module.ImportedFunctionCount + i] = rule.Of(_module.Bodies[i], bodies[i]);
            }
        }

        return heights;
    }

    // Functions that are called from outside, or through the table, and count towards the height.
    private void FindThunks(uint[] heights)
    {
        void Enter(int function)
        {
            if (function >= 0 && heights[function] != 0 && _thunkOf.TryAdd(function, _module.FunctionCount + _thunks.Count))
            {
                _thunks.Add(function);
            }
        }

        foreach (Export export in _module.Exports)
        {
            Enter(export.Kind == ExternalKind.Function ? export.Index : ExportPositions.None);
        }

        foreach (ElementSegment segment in _module.Elements)
        {
            foreach (int function in segment.Functions)
            {
                Enter(function);
            }
        }

        Enter(_module.StartFunction);
    }

    private WasmWriter WriteCode(List<BodyInstruction>[] bodies, uint[] heights)
    {
        WasmWriter section = new();
        FunctionWriter functions = new(_module, _rules, Move(GasFunction), Move, _mayGrowMemory, _mayGrowTable);
        StackLimiter? limiter = _rules is null ? null : new StackLimiter(_module, heights, HeightGlobal, _rules.MaxStackHeight);
        section.Count(bodies.Length + _thunks.Count + (_rules is null ? 0 : 1));
        for (int i = 0; i < bodies.Length; i++)
        {
            FunctionBody body = _module.Bodies[i];
            List<BodyInstruction> instructions = limiter?.Surround(bodies[i]) ?? bodies[i];
            if (functions.Write(section, _module.Types[body.TypeIndex], body.LocalGroups, instructions))
            {
                _limits!.CheckLocals(body, additional: 1);
            }

            // Each body is held until it is written only.
            bodies[i] = [];
        }

        foreach (int function in _thunks)
        {
            functions.Write(section, _module.TypeOf(function), [], limiter!.Thunk(function));
        }

        if (_rules is not null)
        {
            FunctionWriter.WriteGas(section, GasGlobal);
        }

        return section;
    }

    private static void Section(WasmWriter writer, int id, WasmWriter content) => writer.Byte(id).Sized(content);

    private int TypeIndex(FunctionType type)
    {
        int index = _types.IndexOf(type);
        if (index < 0)
        {
            _types.Add(type);
            index = _types.Count - 1;
        }

        return index;
    }

    // The function through which a function is called from outside.
    private int Entry(int function) => Move(_thunkOf.GetValueOrDefault(function, function));

    // The index of a function, in the module's own index space or past it, behind the vetoes.
    private int Move(int function) =>
        function < _module.ImportedFunctionCount ? function : function + _imports.Count - _module.ImportedFunctionCount;
}
