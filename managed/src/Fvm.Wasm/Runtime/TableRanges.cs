namespace Fvm.Wasm;

/// <summary>Instructions on ranges of the table, for all engines. Ranges are checked before any write.</summary>
// Sound: the context's table has TableLength elements of 8 bytes, and all ranges are checked against it first.
internal static unsafe class TableRanges
{
    // Sound: the context's table has TableLength elements of 8 bytes, and the ranges lie in it.
    public static TrapCode Copy(InstanceContext* context, uint to, uint from, uint count)
    {
        if ((ulong)from + count > context->TableLength || (ulong)to + count > context->TableLength) return TrapCode.TableOutOfBounds;

        ulong* table = (ulong*)context->Table;
        ulong bytes = (ulong)count * sizeof(ulong);
        Buffer.MemoryCopy(table + from, table + to, bytes, bytes);
        return TrapCode.None;
    }

    public static TrapCode Fill(InstanceContext* context, uint at, ulong value, uint count)
    {
        if ((ulong)at + count > context->TableLength) return TrapCode.TableOutOfBounds;

        new Span<ulong>((ulong*)context->Table + at, (int)count).Fill(value);
        return TrapCode.None;
    }
}
