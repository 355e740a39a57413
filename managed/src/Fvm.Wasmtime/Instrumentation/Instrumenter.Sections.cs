using System.Globalization;
using Fvm.Wasm;

namespace Fvm.Wasmtime;

internal sealed partial class Instrumenter
{
    private const byte ElementFunctions = 0;

    private WasmWriter WriteTypes()
    {
        WasmWriter section = new WasmWriter().Count(_types.Count);
        foreach (FunctionType type in _types)
        {
            section.Byte(0x60).Count(type.Parameters.Length);
            foreach (ValueKind parameter in type.Parameters)
            {
                section.Byte((int)parameter);
            }

            section.Count(type.Results.Length);
            foreach (ValueKind result in type.Results)
            {
                section.Byte((int)result);
            }
        }

        return section;
    }

    private WasmWriter WriteImports()
    {
        WasmWriter section = new WasmWriter().Count(_imports.Count);
        for (int i = 0; i < _imports.Count; i++)
        {
            section.Name(InstrumentedModule.ImportModule).Name(i.ToString(CultureInfo.InvariantCulture)).Byte((int)ExternalKind.Function);
            section.Count(_imports[i].TypeIndex);
        }

        return section;
    }

    private WasmWriter WriteFunctions()
    {
        WasmWriter section = new WasmWriter().Count(_module.Bodies.Length + _thunks.Count + (_rules is null ? 0 : 1));
        foreach (FunctionBody body in _module.Bodies)
        {
            section.Count(body.TypeIndex);
        }

        _thunks.ForEach(function => section.Count(_module.FunctionTypes[function]));
        return _rules is null ? section : section.Count(TypeIndex(new FunctionType([ValueKind.I64], [])));
    }

    private WasmWriter WriteTables()
    {
        WasmWriter section = new WasmWriter().Count(_module.Tables.Length);
        foreach (Limits table in _module.Tables)
        {
            WriteLimits(section.Byte((int)ValueKind.FuncRef), _imported.Table ?? table);
        }

        return section;
    }

    private WasmWriter WriteMemories()
    {
        WasmWriter section = new WasmWriter().Count(_module.Memories.Length);
        foreach (Limits memory in _module.Memories)
        {
            WriteLimits(section, _imported.Memory ?? memory);
        }

        return section;
    }

    private static void WriteLimits(WasmWriter section, Limits limits)
    {
        section.Byte(limits.Maximum is null ? 0 : 1).U32(limits.Minimum);
        if (limits.Maximum is uint most)
        {
            section.U32(most);
        }
    }

    private WasmWriter WriteGlobals()
    {
        WasmWriter section = new WasmWriter().Count(_module.Globals.Length + (_rules is null ? 0 : 2));
        for (int i = 0; i < _module.Globals.Length; i++)
        {
            Global global = _module.Globals[i];
            WriteGlobalType(section, global.Type);
            WriteExpression(section, global.Initial ?? ImportedValue(i));
        }

        if (_rules is not null)
        {
            WriteGlobalType(section, new GlobalType(ValueKind.I32, Mutable: true));
            WriteExpression(section, new ConstantExpression(Opcode.I32Const, 0));
            WriteGlobalType(section, new GlobalType(ValueKind.I64, Mutable: true));
            WriteExpression(section, new ConstantExpression(Opcode.I64Const, 0));
        }

        return section;
    }

    private static void WriteGlobalType(WasmWriter section, GlobalType type) => section.Byte((int)type.Type).Byte(type.Mutable ? 1 : 0);

    private WasmWriter WriteExports()
    {
        WasmWriter exports = new();
        int count = 0;
        int Export(ExternalKind kind, int index)
        {
            exports.Name(count.ToString(CultureInfo.InvariantCulture)).Byte((int)kind).Count(index);
            return count++;
        }

        if (_rules is not null)
        {
            _exports.Height = Export(ExternalKind.Global, (int)HeightGlobal);
            _exports.Gas = Export(ExternalKind.Global, (int)GasGlobal);
        }

        _exports.Memory = _module.Memories.IsEmpty ? ExportPositions.None : Export(ExternalKind.Memory, 0);
        if (_observesGlobals && !_module.Globals.IsEmpty)
        {
            _exports.Globals = count;
            for (int i = 0; i < _module.Globals.Length; i++)
            {
                Export(ExternalKind.Global, i);
            }
        }

        IEnumerable<int> functions = _module.Exports.Where(static export => export.Kind == ExternalKind.Function)
            .Select(static export => export.Index).Append(_module.StartFunction).Where(static function => function >= 0).Distinct();
        foreach (int function in functions)
        {
            _exports.Functions.Add(function, Export(ExternalKind.Function, Entry(function)));
        }

        WasmWriter section = new WasmWriter().Count(count);
        return section.Raw(exports.Written);
    }

    private WasmWriter WriteElements()
    {
        WasmWriter section = new WasmWriter().Count(_module.Elements.Length);
        foreach (ElementSegment segment in _module.Elements)
        {
            // Nulls need expressions, which only modules without metering may have.
            bool expressions = segment.Functions.Contains(ElementSegment.Null);
            int mode = segment.Mode switch { SegmentMode.Active => 0, SegmentMode.Passive => 1, _ => 3 };
            section.Byte(mode | (expressions ? 4 : 0));
            if (mode == 0)
            {
                WriteExpression(section, segment.Offset);
            }
            else
            {
                section.Byte(expressions ? (int)ValueKind.FuncRef : ElementFunctions);
            }

            section.Count(segment.Functions.Length);
            foreach (int function in segment.Functions)
            {
                if (!expressions)
                {
                    section.Count(Entry(function));
                }
                else if (function == ElementSegment.Null)
                {
                    WriteExpression(section, new ConstantExpression(Opcode.RefNull, 0));
                }
                else
                {
                    section.Byte((int)Opcode.RefFunc).Count(Entry(function)).Byte((int)Opcode.End);
                }
            }
        }

        return section;
    }

    private WasmWriter WriteData()
    {
        WasmWriter section = new WasmWriter().Count(_module.Data.Length);
        foreach (DataSegment segment in _module.Data)
        {
            section.Byte(segment.Mode == SegmentMode.Active ? 0 : 1);
            if (segment.Mode == SegmentMode.Active)
            {
                WriteExpression(section, segment.Offset);
            }

            section.Count(segment.Length).Raw(_module.Bytes.Span.Slice(segment.Start, segment.Length));
        }

        return section;
    }

    private void WriteExpression(WasmWriter section, ConstantExpression expression)
    {
        if (expression.Opcode == Opcode.GlobalGet)
        {
            expression = ImportedValue((int)expression.Bits);
        }

        section.Byte((int)expression.Opcode);
        _ = expression.Opcode switch
        {
            Opcode.I32Const => section.Signed((int)expression.Bits),
            Opcode.I64Const => section.Signed((long)expression.Bits),
            Opcode.F32Const => section.Fixed(expression.Bits, sizeof(uint)),
            Opcode.F64Const => section.Fixed(expression.Bits, sizeof(ulong)),
            Opcode.RefNull => section.Byte((int)ValueKind.FuncRef),

            // A global's initialiser refers to the function itself, not to its thunk.
            _ => section.Count(Move((int)expression.Bits)),
        };
        section.Byte((int)Opcode.End);
    }

    private ConstantExpression ImportedValue(int global)
    {
        ValueKind type = _module.Globals[global].Type.Type;
        Opcode opcode = type == ValueKind.FuncRef ? Opcode.RefNull : Opcodes.All.First(
            row => row.Family == OpcodeFamily.Constant && OpcodeInfo.TypeOf(row.Pushes[0]) == type).Opcode;
        return new ConstantExpression(opcode, _imported.Globals[global]);
    }
}
