namespace Fvm.Wasm;

internal sealed partial class ModuleDecoder
{
    private void ReadTables(ref ByteReader reader)
    {
        // wasmparser allows 100 tables here, but the reference's pooling allocator refuses modules with more than one.
        int count = reader.ReadCount(1, "tables");
        for (int i = 0; i < count; i++)
        {
            ReadTable(ref reader);
        }
    }

    private Limits ReadTable(ref ByteReader reader)
    {
        if (reader.ReadByte() != (byte)ValueKind.FuncRef)
        {
            reader.Position--;
            throw reader.Error("unsupported type of table elements");
        }

        Limits limits = ReadLimits(ref reader, uint.MaxValue, "table");
        if (_tables.Count > 0)
        {
            throw reader.Error("multiple tables");
        }

        _tables.Add(limits);
        return limits;
    }

    private static Limits ReadLimits(ref ByteReader reader, uint most, string what)
    {
        byte flags = reader.ReadByte();
        if (flags > 1)
        {
            reader.Position--;
            throw reader.Error($"malformed or unsupported limits of {what}");
        }

        uint minimum = reader.ReadU32();
        uint? maximum = flags == 1 ? reader.ReadU32() : null;
        if (minimum > maximum)
        {
            throw reader.Error($"minimum size of {what} is greater than its maximum");
        }

        if (minimum > most || maximum > most)
        {
            throw reader.Error($"size of {what} must be at most {most}");
        }

        return new Limits(minimum, maximum);
    }
}
