using System.Collections.Immutable;

namespace Fvm.Wasm;

internal sealed partial class ModuleDecoder
{
    private void ReadImports(ref ByteReader reader)
    {
        int count = reader.ReadCount(_limits.Imports, "imports");
        ImmutableArray<Import>.Builder imports = ImmutableArray.CreateBuilder<Import>(Math.Min(count, reader.Remaining));
        for (int i = 0; i < count; i++)
        {
            Import import = ReadImport(ref reader);
            CountTypeSize(import.Kind == ExternalKind.Function ? SizeOf(_types[import.TypeIndex]) : 1, ref reader);
            imports.Add(import);
        }

        _imports = imports.ToImmutable();
        _importedFunctions = _functionTypes.Count;
        _importedGlobals = _globals.Count;
    }

    private Import ReadImport(ref ByteReader reader)
    {
        string module = reader.ReadName();
        string name = reader.ReadName();
        ExternalKind kind = (ExternalKind)reader.ReadByte();
        switch (kind)
        {
            case ExternalKind.Function:
                int type = ReadIndex(ref reader, _types.Length, "type");
                _functionTypes.Add(type);
                return new Import(module, name, kind, type, default, default);
            case ExternalKind.Table:
                Limits table = ReadTable(ref reader);
                return new Import(module, name, kind, 0, table, default);
            case ExternalKind.Memory:
                Limits memory = ReadMemory(ref reader);
                return new Import(module, name, kind, 0, memory, default);
            case ExternalKind.Global:
                GlobalType global = ReadGlobalType(ref reader);
                _globals.Add(new Global(global, null));
                return new Import(module, name, kind, 0, default, global);
            default:
                reader.Position--;
                throw reader.Error("malformed import kind");
        }
    }
}
