namespace Fvm.Wasm.Fuzz;

/// <summary>Builds the binary of a module. Types are letters: i, I, f, F for i32, i64, f32, f64 (r for funcref).</summary>
internal sealed class ModuleBuilder
{
    private readonly List<string> _types = [];
    private readonly List<(string Module, string Name, int Type)> _imports = [];
    private readonly List<(int Type, string Locals, byte[] Code)> _functions = [];
    private readonly List<(string Name, ExternalKind Kind, int Index)> _exports = [];
    private readonly List<(char Type, bool Mutable, ulong Bits)> _globals = [];
    private readonly List<(int? Offset, int[] Functions)> _elements = [];
    private readonly List<(int? Offset, byte[] Bytes)> _data = [];
    private (uint Min, uint? Max)? _table;
    private (uint Min, uint? Max)? _memory;
    private int? _start;

    /// <summary>Index of the next function definition.</summary>
    public int NextFunction => _imports.Count + _functions.Count;

    /// <summary>The index of a signature, which is added if new.</summary>
    public int Type(string parameters, string results)
    {
        string type = parameters + ">" + results;
        int index = _types.IndexOf(type);
        if (index < 0)
        {
            index = _types.Count;
            _types.Add(type);
        }

        return index;
    }

    /// <summary>Imports a function; must precede all definitions.</summary>
    public int Import(string module, string name, string parameters, string results)
    {
        _imports.Add((module, name, Type(parameters, results)));
        return _imports.Count - 1;
    }

    /// <summary>
    /// Defines a function from the text of its instructions (see <see cref="CodeText"/>), with or without the final <c>end</c>.
    /// </summary>
    /// <param name="parameters">Types of the parameters.</param>
    /// <param name="results">Type of the result, or empty.</param>
    /// <param name="locals">Groups of locals, each a type letter and a count (one if omitted), for example <c>i3I1</c>.</param>
    /// <param name="code">The instructions.</param>
    public int Function(string parameters, string results, string locals, string code) =>
        Function(parameters, results, locals, CodeText.Assemble(code + " end"));

    /// <summary>Defines a function from the bytes of its instructions, including the final <c>end</c>.</summary>
    public int Function(string parameters, string results, string locals, byte[] code)
    {
        _functions.Add((Type(parameters, results), locals, code));
        return NextFunction - 1;
    }

    public ModuleBuilder Export(string name, int function, ExternalKind kind = ExternalKind.Function)
    {
        _exports.Add((name, kind, function));
        return this;
    }

    public ModuleBuilder Memory(uint min, uint? max = null)
    {
        _memory = (min, max);
        return this;
    }

    public ModuleBuilder Table(uint min, uint? max = null)
    {
        _table = (min, max);
        return this;
    }

    public int Global(char type, bool mutable, ulong bits)
    {
        _globals.Add((type, mutable, bits));
        return _globals.Count - 1;
    }

    /// <summary>Adds an element segment; passive without an offset.</summary>
    public ModuleBuilder Elements(int? offset, params int[] functions)
    {
        _elements.Add((offset, functions));
        return this;
    }

    /// <summary>Adds a data segment; passive without an offset.</summary>
    public ModuleBuilder Data(int? offset, params byte[] bytes)
    {
        _data.Add((offset, bytes));
        return this;
    }

    public ModuleBuilder Start(int function)
    {
        _start = function;
        return this;
    }

    public byte[] ToBytes()
    {
        WasmWriter module = new WasmWriter().Fixed(0x1_6d736100, 8);
        Section(module, 1, _types.Count, section =>
        {
            foreach (string type in _types)
            {
                string[] sides = type.Split('>');
                section.Byte(0x60);
                Kinds(section, sides[0]);
                Kinds(section, sides[1]);
            }
        });
        Section(module, 2, _imports.Count, section => _imports.ForEach(i => section.Name(i.Module).Name(i.Name).Byte(0).Count(i.Type)));
        Section(module, 3, _functions.Count, section => _functions.ForEach(f => section.Count(f.Type)), always: true);
        Section(module, 4, _table is null ? 0 : 1, section => Limits(section.Byte(0x70), _table!.Value));
        Section(module, 5, _memory is null ? 0 : 1, section => Limits(section, _memory!.Value));
        Section(module, 6, _globals.Count, section => _globals.ForEach(g => Global(section, g)));
        Section(module, 7, _exports.Count, section => _exports.ForEach(e => section.Name(e.Name).Byte((int)e.Kind).Count(e.Index)));
        if (_start is not null)
        {
            module.Byte(8).Sized(new WasmWriter().Count(_start.Value));
        }

        Section(module, 9, _elements.Count, section => _elements.ForEach(e => Elements(section, e)));
        if (_data.Count > 0)
        {
            module.Byte(12).Sized(new WasmWriter().Count(_data.Count));
        }

        Section(module, 10, _functions.Count, section => _functions.ForEach(f => Body(section, f)), always: true);
        Section(module, 11, _data.Count, section => _data.ForEach(d => Offset(section, d.Offset).Count(d.Bytes.Length).Raw(d.Bytes)));
        return module.Written.ToArray();
    }

    private static void Section(WasmWriter module, int id, int count, Action<WasmWriter> write, bool always = false)
    {
        if (count > 0 || always)
        {
            WasmWriter section = new WasmWriter().Count(count);
            write(section);
            module.Byte(id).Sized(section);
        }
    }

    private static ValueKind KindOf(char letter) => OpcodeInfo.TypeOf(letter);

    private static void Kinds(WasmWriter writer, string letters)
    {
        writer.Count(letters.Length);
        foreach (char letter in letters)
        {
            writer.Byte((int)KindOf(letter));
        }
    }

    private static void Limits(WasmWriter writer, (uint Min, uint? Max) limits)
    {
        writer.Byte(limits.Max is null ? 0 : 1).U32(limits.Min);
        if (limits.Max is uint max)
        {
            writer.U32(max);
        }
    }

    private static void Global(WasmWriter writer, (char Type, bool Mutable, ulong Bits) global)
    {
        writer.Byte((int)KindOf(global.Type)).Byte(global.Mutable ? 1 : 0);
        _ = global.Type switch
        {
            'i' => writer.Byte((int)Opcode.I32Const).Signed((int)global.Bits),
            'I' => writer.Byte((int)Opcode.I64Const).Signed((long)global.Bits),
            'f' => writer.Byte((int)Opcode.F32Const).Fixed(global.Bits, 4),
            'F' => writer.Byte((int)Opcode.F64Const).Fixed(global.Bits, 8),
            _ => writer.Byte((int)Opcode.RefFunc).U32((uint)global.Bits),
        };
        writer.Byte((int)Opcode.End);
    }

    private static WasmWriter Offset(WasmWriter writer, int? offset) => offset is int at
        ? writer.Byte(0).Byte((int)Opcode.I32Const).Signed(at).Byte((int)Opcode.End)
        : writer.Byte(1);

    private static void Elements(WasmWriter writer, (int? Offset, int[] Functions) segment)
    {
        Offset(writer, segment.Offset);
        if (segment.Offset is null)
        {
            writer.Byte(0);
        }

        writer.Count(segment.Functions.Length);
        foreach (int function in segment.Functions)
        {
            writer.Count(function);
        }
    }

    private static void Body(WasmWriter writer, (int Type, string Locals, byte[] Code) function)
    {
        WasmWriter groups = new();
        int count = 0;
        for (int i = 0; i < function.Locals.Length;)
        {
            char letter = function.Locals[i++];
            int start = i;
            while (i < function.Locals.Length && char.IsAsciiDigit(function.Locals[i]))
            {
                i++;
            }

            groups.U32(i == start ? 1 : uint.Parse(function.Locals.AsSpan(start, i - start))).Byte((int)KindOf(letter));
            count++;
        }

        writer.Sized(new WasmWriter().Count(count).Raw(groups.Written).Raw(function.Code));
    }
}
