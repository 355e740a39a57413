using System.Collections.Immutable;

namespace Fvm.Wasm;

internal sealed partial class ModuleDecoder
{
    private void ReadExports(ref ByteReader reader)
    {
        int count = reader.ReadCount(_limits.Exports, "exports");
        ImmutableArray<Export>.Builder exports = ImmutableArray.CreateBuilder<Export>(Math.Min(count, reader.Remaining));
        HashSet<string> names = [];
        for (int i = 0; i < count; i++)
        {
            string name = reader.ReadName();
            ExternalKind kind = (ExternalKind)reader.ReadByte();
            int index = kind switch
            {
                ExternalKind.Function => ReadIndex(ref reader, _functionTypes.Count, "function"),
                ExternalKind.Table => ReadIndex(ref reader, _tables.Count, "table"),
                ExternalKind.Memory => ReadIndex(ref reader, _memories.Count, "memory"),
                ExternalKind.Global => ReadIndex(ref reader, _globals.Count, "global"),
                _ => throw reader.Error("malformed export kind"),
            };
            CountTypeSize(kind == ExternalKind.Function ? SizeOf(_types[_functionTypes[index]]) : 1, ref reader);
            if (!names.Add(name))
            {
                throw reader.Error("duplicate export name");
            }

            exports.Add(new Export(name, kind, index));
        }

        _exports = exports.ToImmutable();
    }
}
