using System.Runtime.CompilerServices;

namespace Fvm.Wasm;

/// <summary>
/// Instructions on ranges of memory and table. Ranges are checked before any write; all sums are of 32-bit numbers in 64 bits.
/// </summary>
// Sound: ranges and elements are checked against the context's memory and table lengths before any access; the operands lie in the current
// frame.
internal static unsafe class BulkOperations
{
    public static TrapCode MemoryInit(InterpreterInstance instance, ulong* fp, Instruction* ip)
    {
        ulong* range = fp + ip->A;
        return instance.Segments.MemoryInit(instance.Context, ip->Wide, (uint)range[0], (uint)range[1], (uint)range[2]);
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

        // Sound: the range was checked against the memory's length.
        Unsafe.InitBlockUnaligned(ctx->MemoryBase + to, (byte)range[1], (uint)count);
        return TrapCode.None;
    }

    public static TrapCode TableInit(InterpreterInstance instance, ulong* fp, Instruction* ip)
    {
        ulong* range = fp + ip->A;
        return instance.Segments.TableInit(instance.Context, ip->Wide, (uint)range[0], (uint)range[1], (uint)range[2]);
    }

    public static TrapCode TableCopy(InterpreterInstance instance, ulong* fp, Instruction* ip)
    {
        ulong* range = fp + ip->A;
        return TableRanges.Copy(instance.Context, (uint)range[0], (uint)range[1], (uint)range[2]);
    }

    public static TrapCode TableFill(InterpreterInstance instance, ulong* fp, Instruction* ip)
    {
        ulong* range = fp + ip->A;
        return TableRanges.Fill(instance.Context, (uint)range[0], range[1], (uint)range[2]);
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
