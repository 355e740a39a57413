using System.Runtime.CompilerServices;

namespace Fvm.Wasm;

/// <summary>
/// Instructions over ranges of memory and table. Ranges are checked before anything is written; all sums are of 32-bit numbers in 64 bits.
/// </summary>
internal static unsafe class BulkOperations
{
    public static TrapCode MemoryInit(InterpreterInstance instance, ulong* fp, Instruction* ip)
    {
        ulong* range = fp + ip->A;
        return MemoryInit(instance, ip->Wide, (uint)range[0], (uint)range[1], (uint)range[2]);
    }

    /// <summary>Copies part of a data segment into the memory. A dropped segment counts as empty.</summary>
    public static TrapCode MemoryInit(InterpreterInstance instance, int segment, ulong to, ulong from, ulong count)
    {
        ReadOnlySpan<byte> bytes = instance.DataOf(segment);
        InstanceContext* ctx = instance.Context;
        if (from + count > (ulong)bytes.Length || to + count > ctx->MemoryLength)
        {
            return TrapCode.MemoryOutOfBounds;
        }

        bytes.Slice((int)from, (int)count).CopyTo(new Span<byte>(ctx->MemoryBase + to, (int)count));
        return TrapCode.None;
    }

    public static TrapCode MemoryCopy(InterpreterInstance instance, ulong* fp, Instruction* ip)
    {
        InstanceContext* ctx = instance.Context;
        ulong* range = fp + ip->A;
        ulong to = (uint)range[0];
        ulong from = (uint)range[1];
        ulong count = (uint)range[2];
        if (from + count > ctx->MemoryLength || to + count > ctx->MemoryLength)
        {
            return TrapCode.MemoryOutOfBounds;
        }

        Buffer.MemoryCopy(ctx->MemoryBase + from, ctx->MemoryBase + to, count, count);
        return TrapCode.None;
    }

    public static TrapCode MemoryFill(InterpreterInstance instance, ulong* fp, Instruction* ip)
    {
        InstanceContext* ctx = instance.Context;
        ulong* range = fp + ip->A;
        ulong to = (uint)range[0];
        ulong count = (uint)range[2];
        if (to + count > ctx->MemoryLength)
        {
            return TrapCode.MemoryOutOfBounds;
        }

        Unsafe.InitBlockUnaligned(ctx->MemoryBase + to, (byte)range[1], (uint)count);
        return TrapCode.None;
    }

    public static TrapCode TableInit(InterpreterInstance instance, ulong* fp, Instruction* ip)
    {
        ulong* range = fp + ip->A;
        return TableInit(instance, ip->Wide, (uint)range[0], (uint)range[1], (uint)range[2]);
    }

    /// <summary>Copies part of an element segment into the table. A dropped segment counts as empty.</summary>
    public static TrapCode TableInit(InterpreterInstance instance, int segment, ulong to, ulong from, ulong count)
    {
        ReadOnlySpan<int> functions = instance.ElementsOf(segment);
        InstanceContext* ctx = instance.Context;
        if (from + count > (ulong)functions.Length || to + count > ctx->TableLength)
        {
            return TrapCode.TableOutOfBounds;
        }

        ulong* table = (ulong*)ctx->Table;
        for (ulong i = 0; i < count; i++)
        {
            int function = functions[(int)(from + i)];
            table[to + i] = function == ElementSegment.Null ? FunctionReference.Null : FunctionReference.Of(function);
        }

        return TrapCode.None;
    }

    public static TrapCode TableCopy(InterpreterInstance instance, ulong* fp, Instruction* ip)
    {
        InstanceContext* ctx = instance.Context;
        ulong* range = fp + ip->A;
        ulong to = (uint)range[0];
        ulong from = (uint)range[1];
        ulong count = (uint)range[2];
        if (from + count > ctx->TableLength || to + count > ctx->TableLength)
        {
            return TrapCode.TableOutOfBounds;
        }

        ulong* table = (ulong*)ctx->Table;
        Buffer.MemoryCopy(table + from, table + to, count * sizeof(ulong), count * sizeof(ulong));
        return TrapCode.None;
    }

    public static TrapCode TableFill(InterpreterInstance instance, ulong* fp, Instruction* ip)
    {
        InstanceContext* ctx = instance.Context;
        ulong* range = fp + ip->A;
        ulong at = (uint)range[0];
        ulong count = (uint)range[2];
        if (at + count > ctx->TableLength)
        {
            return TrapCode.TableOutOfBounds;
        }

        new Span<ulong>((ulong*)ctx->Table + at, (int)count).Fill(range[1]);
        return TrapCode.None;
    }

    public static TrapCode TableGet(InterpreterInstance instance, ulong* fp, Instruction* ip)
    {
        InstanceContext* ctx = instance.Context;
        uint element = (uint)fp[ip->B];
        if (element >= ctx->TableLength)
        {
            return TrapCode.TableOutOfBounds;
        }

        fp[ip->A] = ((ulong*)ctx->Table)[element];
        return TrapCode.None;
    }

    public static TrapCode TableSet(InterpreterInstance instance, ulong* fp, Instruction* ip)
    {
        InstanceContext* ctx = instance.Context;
        uint element = (uint)fp[ip->A];
        if (element >= ctx->TableLength)
        {
            return TrapCode.TableOutOfBounds;
        }

        ((ulong*)ctx->Table)[element] = fp[ip->B];
        return TrapCode.None;
    }
}
