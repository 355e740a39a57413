using System.Collections.Immutable;

namespace Fvm.Wasm;

/// <summary>
/// Decodes a module's bytes into a <see cref="WasmModule"/>: the prescribed order of sections, and all validation except that of function
/// bodies (<c>Validation/</c>). One partial file per section.
/// </summary>
internal sealed partial class ModuleDecoder
{
    private const uint Magic = 0x6d736100;
    private const uint Version = 1;

    /// <summary>Maximum memory size in pages of 65,536 bytes: the range of 32-bit addresses.</summary>
    private const uint MaxMemoryPages = 65_536;

    // Position of each section id in the prescribed order: the data count section (12) stands before the code section (10).
    private static ReadOnlySpan<byte> SectionOrder => [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 10];

    private static readonly string[] SectionNames =
    [
        "custom", "type", "import", "function", "table", "memory", "global", "export", "start", "element", "code", "data", "data count",
    ];

    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly ModuleLimits _limits;
    private readonly List<int> _functionTypes = [];
    private readonly List<Limits> _tables = [];
    private readonly List<Limits> _memories = [];
    private readonly List<Global> _globals = [];
    private ImmutableArray<FunctionType> _types = [];
    private ImmutableArray<Import> _imports = [];
    private ImmutableArray<Export> _exports = [];
    private ImmutableArray<ElementSegment> _elements = [];
    private ImmutableArray<FunctionBody> _bodies = [];
    private ImmutableArray<DataSegment> _data = [];
    private int _importedFunctions;
    private int _importedGlobals;
    private int _typeSize = 1;
    private int _start = -1;
    private int _dataCount = -1;

    private ModuleDecoder(ReadOnlyMemory<byte> bytes, ModuleLimits limits)
    {
        _bytes = bytes;
        _limits = limits;
    }

    /// <summary>Decodes a module without validating its function bodies.</summary>
    /// <exception cref="InvalidModuleException">The module is malformed, invalid outside its function bodies, or past a limit.</exception>
    public static WasmModule Decode(ReadOnlyMemory<byte> bytes, ModuleLimits limits)
    {
        ModuleDecoder decoder = new(bytes, limits);
        decoder.ReadSections();
        return decoder.Build();
    }

    private int DefinedFunctions => _functionTypes.Count - _importedFunctions;

    private void ReadSections()
    {
        ReadOnlySpan<byte> bytes = _bytes.Span;
        ByteReader header = new(bytes, 0, "header");
        if (header.ReadFixed32() != Magic)
        {
            throw new InvalidModuleException("not a Wasm module", "header", 0);
        }

        if (header.ReadFixed32() != Version)
        {
            throw new InvalidModuleException("unknown binary version", "header", 4);
        }

        int position = header.Position;
        int last = 0;
        while (position < bytes.Length)
        {
            ByteReader outer = new(bytes, position, "header");
            byte id = outer.ReadByte();
            uint size = outer.ReadU32();
            if (id >= SectionNames.Length)
            {
                throw new InvalidModuleException($"malformed section id {id}", "header", position);
            }

            if (size > (uint)outer.Remaining)
            {
                throw new InvalidModuleException("section goes past the end", SectionNames[id], position);
            }

            if (id != 0)
            {
                int order = SectionOrder[id];
                if (order <= last)
                {
                    throw new InvalidModuleException("section out of order", SectionNames[id], position);
                }

                last = order;
            }

            int end = outer.Position + (int)size;
            ByteReader section = new(bytes[..end], outer.Position, SectionNames[id]);
            ReadSection(id, ref section);
            if (!section.AtEnd)
            {
                throw section.Error("section size mismatch: bytes are left");
            }

            position = end;
        }

        if (_bodies.Length != DefinedFunctions)
        {
            throw new InvalidModuleException("function and code section have inconsistent lengths", "code", position);
        }

        if (_dataCount > 0 && _data.IsEmpty)
        {
            throw new InvalidModuleException("data count is not zero but the data section is absent", "data", position);
        }
    }

    private void ReadSection(byte id, ref ByteReader section)
    {
        switch (id)
        {
            case 0:
                // The contents of custom sections are ignored: a malformed name section is valid.
                section.ReadName();
                section.Position += section.Remaining;
                break;
            case 1:
                ReadTypes(ref section);
                break;
            case 2:
                ReadImports(ref section);
                break;
            case 3:
                ReadFunctions(ref section);
                break;
            case 4:
                ReadTables(ref section);
                break;
            case 5:
                ReadMemories(ref section);
                break;
            case 6:
                ReadGlobals(ref section);
                break;
            case 7:
                ReadExports(ref section);
                break;
            case 8:
                ReadStart(ref section);
                break;
            case 9:
                ReadElements(ref section);
                break;
            case 10:
                ReadCode(ref section);
                break;
            case 11:
                ReadData(ref section);
                break;
            default:
                _dataCount = section.ReadCount(_limits.DataSegments, "data segments");
                break;
        }
    }

    private void CountTypeSize(int size, ref ByteReader reader)
    {
        _typeSize += size;
        if (_typeSize >= _limits.TypeSize)
        {
            throw reader.Error("imports and exports have too many types together");
        }
    }

    private int ReadIndex(ref ByteReader reader, int count, string what)
    {
        int position = reader.Position;
        uint index = reader.ReadU32();
        if (index >= (uint)count)
        {
            throw new InvalidModuleException($"unknown {what} {index}", reader.Section, position);
        }

        return (int)index;
    }

    private static int SizeOf(FunctionType type) => 1 + type.Parameters.Length + type.Results.Length;

    private WasmModule Build() => new()
    {
        Bytes = _bytes,
        Limits = _limits,
        Types = _types,
        Imports = _imports,
        FunctionTypes = [.. _functionTypes],
        ImportedFunctionCount = _importedFunctions,
        Bodies = _bodies,
        Tables = [.. _tables],
        Memories = [.. _memories],
        Globals = [.. _globals],
        ImportedGlobalCount = _importedGlobals,
        Exports = _exports,
        StartFunction = _start,
        Elements = _elements,
        Data = _data,
        HasDataCount = _dataCount >= 0,
    };
}
