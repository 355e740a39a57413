using System.Numerics;
using System.Runtime.CompilerServices;

namespace Fvm.Wasm;

/// <summary>
/// The dispatch loop of the internal code. Four values stay in registers: the next instruction, the current frame's slots, the memory's
/// first byte and the context. Longer operations are methods of <see cref="SlowOperations"/>, <see cref="IntegerOperations"/> or
/// <see cref="FloatOperations"/>, to keep them there. Calls between Wasm functions do not nest on the machine stack.
/// </summary>
/// <remarks>
/// Sound as long as the translator is: slots lie within the frame, whose size is checked at each call; addresses are sums of 32-bit numbers
/// in 64 bits, checked against the memory's length; indices of globals and functions come from a validated module.
/// </remarks>
// Sound: the translator only names slots within the frame, whose size is checked at each call; addresses are sums of 32-bit numbers in 64
// bits, checked against the memory's length, and `memory` is read anew after every operation that may move it; indices of globals,
// functions and segments come from a validated module.
internal static unsafe class ExecutionLoop
{
    /// <summary>Runs a defined function whose arguments lie at the start of its slots; the result is there afterwards.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static TrapCode Run(InterpreterInstance instance, FunctionEntry* function, ulong* slots)
    {
        InstanceContext* ctx = instance.Context;
        ulong* fp = slots;
        Frame* frame = instance.FirstFrame;
        TrapCode trap = TrapCode.None;
        frame->StackCost = (int)function->StackCost;
        Instruction* ip = SlowOperations.Enter(instance, function, frame, fp);
        if (ip == null)
        {
            return instance.PendingTrap;
        }

        frame->ReturnTo = null;
        byte* memory = ctx->MemoryBase;
        ulong at;
        while (true)
        {
            switch ((IrOp)ip->Op)
            {
#pragma warning disable format, CS0675
                // One row per operation, although the lines are long.
                case IrOp.Trap:                   return (TrapCode)ip->Wide;
                case IrOp.Charge:                 ctx->GasLeft -= (uint)ip->Wide; if (ctx->GasLeft < 0 || Volatile.Read(ref ctx->IsStopped) != 0) { return SlowOperations.EndOf(ctx); } ip++; continue;
                case IrOp.ChargeLong:             ctx->GasLeft -= (long)ip[1].Constant; if (ctx->GasLeft < 0 || Volatile.Read(ref ctx->IsStopped) != 0) { return SlowOperations.EndOf(ctx); } ip += 2; continue;
                case IrOp.ChargeLinear:           ctx->GasLeft -= (long)((ulong)(uint)fp[ip->A] * (uint)ip->Wide); if (ctx->GasLeft < 0) { return TrapCode.OutOfGas; } ip++; continue;
                case IrOp.Jump:                   ip += ip->Wide; continue;
                case IrOp.JumpIf:                 ip += (uint)fp[ip->A] != 0 ? ip->Wide : 1; continue;
                case IrOp.JumpIfNot:              ip += (uint)fp[ip->A] == 0 ? ip->Wide : 1; continue;
                case IrOp.JumpIf64:               ip += fp[ip->A] != 0 ? ip->Wide : 1; continue;
                case IrOp.JumpIfNot64:            ip += fp[ip->A] == 0 ? ip->Wide : 1; continue;

                case IrOp.BranchTable:
                    ip += 1 + Math.Min((uint)fp[ip->A], (uint)ip->Wide);
                    ip += ip->Distance;
                    continue;

                case IrOp.ReturnValue:
                    fp[0] = fp[ip->A];
                    goto case IrOp.Return;

                case IrOp.ReturnConstant:
                    fp[0] = ip[1].Constant;
                    goto case IrOp.Return;

                case IrOp.Return:
                    if (frame->ReturnTo == null)
                    {
                        return TrapCode.None;
                    }

                    ip = frame->ReturnTo;
                    fp = frame->Slots;
                    ctx->StackHeight -= frame->StackCost;
                    ctx->FrameBytes -= frame->FrameBytes;
                    frame--;
                    continue;

                case IrOp.Call:
                    function = instance.Functions + ip->Wide;
                    goto EnterFunction;

                case IrOp.CallHost:
                    trap = SlowOperations.CallHost(instance, ip->Wide, fp + ip->A);
                    if (trap != TrapCode.None)
                    {
                        return trap;
                    }

                    memory = ctx->MemoryBase;
                    ip++;
                    continue;

                case IrOp.CallIndirect:
                    function = SlowOperations.Indirect(instance, fp, ip);
                    if (function != null)
                    {
                        goto EnterIndirect;
                    }

                    if (instance.PendingTrap != TrapCode.None)
                    {
                        return instance.PendingTrap;
                    }

                    memory = ctx->MemoryBase;
                    ip += 2;
                    continue;

                case IrOp.Copy:                   fp[ip->A] = fp[ip->B]; ip++; continue;
                case IrOp.Constant:               fp[ip->A] = (uint)ip->Wide; ip++; continue;
                case IrOp.ConstantLong:           fp[ip->A] = ip[1].Constant; ip += 2; continue;
                case IrOp.Select:                 fp[ip->A] = (uint)fp[ip[1].Constant] != 0 ? fp[ip->B] : fp[ip->C]; ip += 2; continue;
                case IrOp.GlobalGet:              fp[ip->A] = ctx->Globals[ip->Wide]; ip++; continue;
                case IrOp.GlobalSet:              ctx->Globals[ip->Wide] = fp[ip->A]; ip++; continue;
                case IrOp.MemorySize:             fp[ip->A] = ctx->MemoryLength >> 16; ip++; continue;

                case IrOp.MemoryGrow:
                    fp[ip->A] = instance.GrowMemory((uint)fp[ip->A]);
                    memory = ctx->MemoryBase;
                    ip++;
                    continue;

                case IrOp.MemoryInit:             trap = BulkOperations.MemoryInit(instance, fp, ip); if (trap != TrapCode.None) { return trap; } ip++; continue;
                case IrOp.MemoryCopy:             trap = BulkOperations.MemoryCopy(instance, fp, ip); if (trap != TrapCode.None) { return trap; } ip++; continue;
                case IrOp.MemoryFill:             trap = BulkOperations.MemoryFill(instance, fp, ip); if (trap != TrapCode.None) { return trap; } ip++; continue;
                case IrOp.TableInit:              trap = BulkOperations.TableInit(instance, fp, ip); if (trap != TrapCode.None) { return trap; } ip++; continue;
                case IrOp.TableCopy:              trap = BulkOperations.TableCopy(instance, fp, ip); if (trap != TrapCode.None) { return trap; } ip++; continue;
                case IrOp.TableFill:              trap = BulkOperations.TableFill(instance, fp, ip); if (trap != TrapCode.None) { return trap; } ip++; continue;
                case IrOp.TableGet:               trap = BulkOperations.TableGet(instance, fp, ip); if (trap != TrapCode.None) { return trap; } ip++; continue;
                case IrOp.TableSet:               trap = BulkOperations.TableSet(instance, fp, ip); if (trap != TrapCode.None) { return trap; } ip++; continue;
                case IrOp.DataDrop:               instance.Segments.DropData(ip->Wide); ip++; continue;
                case IrOp.ElementDrop:            instance.Segments.DropElements(ip->Wide); ip++; continue;
                case IrOp.TableGrow:              fp[ip->A] = instance.GrowTable(fp[ip->A], (uint)fp[ip->A + 1]); ip++; continue;
                case IrOp.TableSize:              fp[ip->A] = ctx->TableLength; ip++; continue;
                case IrOp.I32Load:                at = fp[ip->B] + ip->C; if (at + 4 > ctx->MemoryLength) { return TrapCode.MemoryOutOfBounds; } fp[ip->A] = *(uint*)(memory + at); ip++; continue;
                case IrOp.I64Load:                at = fp[ip->B] + ip->C; if (at + 8 > ctx->MemoryLength) { return TrapCode.MemoryOutOfBounds; } fp[ip->A] = *(ulong*)(memory + at); ip++; continue;
                case IrOp.F32Load:                at = fp[ip->B] + ip->C; if (at + 4 > ctx->MemoryLength) { return TrapCode.MemoryOutOfBounds; } fp[ip->A] = *(uint*)(memory + at); ip++; continue;
                case IrOp.F64Load:                at = fp[ip->B] + ip->C; if (at + 8 > ctx->MemoryLength) { return TrapCode.MemoryOutOfBounds; } fp[ip->A] = *(ulong*)(memory + at); ip++; continue;
                case IrOp.I32Load8S:              at = fp[ip->B] + ip->C; if (at + 1 > ctx->MemoryLength) { return TrapCode.MemoryOutOfBounds; } fp[ip->A] = (uint)*(sbyte*)(memory + at); ip++; continue;
                case IrOp.I32Load8U:              at = fp[ip->B] + ip->C; if (at + 1 > ctx->MemoryLength) { return TrapCode.MemoryOutOfBounds; } fp[ip->A] = memory[at]; ip++; continue;
                case IrOp.I32Load16S:             at = fp[ip->B] + ip->C; if (at + 2 > ctx->MemoryLength) { return TrapCode.MemoryOutOfBounds; } fp[ip->A] = (uint)*(short*)(memory + at); ip++; continue;
                case IrOp.I32Load16U:             at = fp[ip->B] + ip->C; if (at + 2 > ctx->MemoryLength) { return TrapCode.MemoryOutOfBounds; } fp[ip->A] = *(ushort*)(memory + at); ip++; continue;
                case IrOp.I64Load8S:              at = fp[ip->B] + ip->C; if (at + 1 > ctx->MemoryLength) { return TrapCode.MemoryOutOfBounds; } fp[ip->A] = (ulong)*(sbyte*)(memory + at); ip++; continue;
                case IrOp.I64Load8U:              at = fp[ip->B] + ip->C; if (at + 1 > ctx->MemoryLength) { return TrapCode.MemoryOutOfBounds; } fp[ip->A] = memory[at]; ip++; continue;
                case IrOp.I64Load16S:             at = fp[ip->B] + ip->C; if (at + 2 > ctx->MemoryLength) { return TrapCode.MemoryOutOfBounds; } fp[ip->A] = (ulong)*(short*)(memory + at); ip++; continue;
                case IrOp.I64Load16U:             at = fp[ip->B] + ip->C; if (at + 2 > ctx->MemoryLength) { return TrapCode.MemoryOutOfBounds; } fp[ip->A] = *(ushort*)(memory + at); ip++; continue;
                case IrOp.I64Load32S:             at = fp[ip->B] + ip->C; if (at + 4 > ctx->MemoryLength) { return TrapCode.MemoryOutOfBounds; } fp[ip->A] = (ulong)*(int*)(memory + at); ip++; continue;
                case IrOp.I64Load32U:             at = fp[ip->B] + ip->C; if (at + 4 > ctx->MemoryLength) { return TrapCode.MemoryOutOfBounds; } fp[ip->A] = *(uint*)(memory + at); ip++; continue;
                case IrOp.I32Store:               at = fp[ip->A] + ip->C; if (at + 4 > ctx->MemoryLength) { return TrapCode.MemoryOutOfBounds; } *(uint*)(memory + at) = (uint)fp[ip->B]; ip++; continue;
                case IrOp.I64Store:               at = fp[ip->A] + ip->C; if (at + 8 > ctx->MemoryLength) { return TrapCode.MemoryOutOfBounds; } *(ulong*)(memory + at) = fp[ip->B]; ip++; continue;
                case IrOp.F32Store:               at = fp[ip->A] + ip->C; if (at + 4 > ctx->MemoryLength) { return TrapCode.MemoryOutOfBounds; } *(uint*)(memory + at) = (uint)fp[ip->B]; ip++; continue;
                case IrOp.F64Store:               at = fp[ip->A] + ip->C; if (at + 8 > ctx->MemoryLength) { return TrapCode.MemoryOutOfBounds; } *(ulong*)(memory + at) = fp[ip->B]; ip++; continue;
                case IrOp.I32Store8:              at = fp[ip->A] + ip->C; if (at + 1 > ctx->MemoryLength) { return TrapCode.MemoryOutOfBounds; } *(byte*)(memory + at) = (byte)fp[ip->B]; ip++; continue;
                case IrOp.I32Store16:             at = fp[ip->A] + ip->C; if (at + 2 > ctx->MemoryLength) { return TrapCode.MemoryOutOfBounds; } *(ushort*)(memory + at) = (ushort)fp[ip->B]; ip++; continue;
                case IrOp.I64Store8:              at = fp[ip->A] + ip->C; if (at + 1 > ctx->MemoryLength) { return TrapCode.MemoryOutOfBounds; } *(byte*)(memory + at) = (byte)fp[ip->B]; ip++; continue;
                case IrOp.I64Store16:             at = fp[ip->A] + ip->C; if (at + 2 > ctx->MemoryLength) { return TrapCode.MemoryOutOfBounds; } *(ushort*)(memory + at) = (ushort)fp[ip->B]; ip++; continue;
                case IrOp.I64Store32:             at = fp[ip->A] + ip->C; if (at + 4 > ctx->MemoryLength) { return TrapCode.MemoryOutOfBounds; } *(uint*)(memory + at) = (uint)fp[ip->B]; ip++; continue;
                case IrOp.I32Eqz:                 fp[ip->A] = (uint)fp[ip->B] == 0 ? 1UL : 0UL; ip++; continue;
                case IrOp.I32Eq:                  fp[ip->A] = (uint)fp[ip->B] == (uint)fp[ip->C] ? 1UL : 0UL; ip++; continue;
                case IrOp.I32Ne:                  fp[ip->A] = (uint)fp[ip->B] != (uint)fp[ip->C] ? 1UL : 0UL; ip++; continue;
                case IrOp.I32LtS:                 fp[ip->A] = (int)fp[ip->B] < (int)fp[ip->C] ? 1UL : 0UL; ip++; continue;
                case IrOp.I32LtU:                 fp[ip->A] = (uint)fp[ip->B] < (uint)fp[ip->C] ? 1UL : 0UL; ip++; continue;
                case IrOp.I32GtS:                 fp[ip->A] = (int)fp[ip->B] > (int)fp[ip->C] ? 1UL : 0UL; ip++; continue;
                case IrOp.I32GtU:                 fp[ip->A] = (uint)fp[ip->B] > (uint)fp[ip->C] ? 1UL : 0UL; ip++; continue;
                case IrOp.I32LeS:                 fp[ip->A] = (int)fp[ip->B] <= (int)fp[ip->C] ? 1UL : 0UL; ip++; continue;
                case IrOp.I32LeU:                 fp[ip->A] = (uint)fp[ip->B] <= (uint)fp[ip->C] ? 1UL : 0UL; ip++; continue;
                case IrOp.I32GeS:                 fp[ip->A] = (int)fp[ip->B] >= (int)fp[ip->C] ? 1UL : 0UL; ip++; continue;
                case IrOp.I32GeU:                 fp[ip->A] = (uint)fp[ip->B] >= (uint)fp[ip->C] ? 1UL : 0UL; ip++; continue;
                case IrOp.I32EqSmall:             fp[ip->A] = (uint)fp[ip->B] == (uint)ip->Small ? 1UL : 0UL; ip++; continue;
                case IrOp.I32NeSmall:             fp[ip->A] = (uint)fp[ip->B] != (uint)ip->Small ? 1UL : 0UL; ip++; continue;
                case IrOp.I32LtSSmall:            fp[ip->A] = (int)fp[ip->B] < ip->Small ? 1UL : 0UL; ip++; continue;
                case IrOp.I32LtUSmall:            fp[ip->A] = (uint)fp[ip->B] < (uint)ip->Small ? 1UL : 0UL; ip++; continue;
                case IrOp.I32GtSSmall:            fp[ip->A] = (int)fp[ip->B] > ip->Small ? 1UL : 0UL; ip++; continue;
                case IrOp.I32GtUSmall:            fp[ip->A] = (uint)fp[ip->B] > (uint)ip->Small ? 1UL : 0UL; ip++; continue;
                case IrOp.I32LeSSmall:            fp[ip->A] = (int)fp[ip->B] <= ip->Small ? 1UL : 0UL; ip++; continue;
                case IrOp.I32LeUSmall:            fp[ip->A] = (uint)fp[ip->B] <= (uint)ip->Small ? 1UL : 0UL; ip++; continue;
                case IrOp.I32GeSSmall:            fp[ip->A] = (int)fp[ip->B] >= ip->Small ? 1UL : 0UL; ip++; continue;
                case IrOp.I32GeUSmall:            fp[ip->A] = (uint)fp[ip->B] >= (uint)ip->Small ? 1UL : 0UL; ip++; continue;
                case IrOp.JumpI32Eq:              ip += (uint)fp[ip->A] == (uint)fp[ip->B] ? ip[1].Distance + 1 : 2; continue;
                case IrOp.JumpI32Ne:              ip += (uint)fp[ip->A] != (uint)fp[ip->B] ? ip[1].Distance + 1 : 2; continue;
                case IrOp.JumpI32LtS:             ip += (int)fp[ip->A] < (int)fp[ip->B] ? ip[1].Distance + 1 : 2; continue;
                case IrOp.JumpI32LtU:             ip += (uint)fp[ip->A] < (uint)fp[ip->B] ? ip[1].Distance + 1 : 2; continue;
                case IrOp.JumpI32GtS:             ip += (int)fp[ip->A] > (int)fp[ip->B] ? ip[1].Distance + 1 : 2; continue;
                case IrOp.JumpI32GtU:             ip += (uint)fp[ip->A] > (uint)fp[ip->B] ? ip[1].Distance + 1 : 2; continue;
                case IrOp.JumpI32LeS:             ip += (int)fp[ip->A] <= (int)fp[ip->B] ? ip[1].Distance + 1 : 2; continue;
                case IrOp.JumpI32LeU:             ip += (uint)fp[ip->A] <= (uint)fp[ip->B] ? ip[1].Distance + 1 : 2; continue;
                case IrOp.JumpI32GeS:             ip += (int)fp[ip->A] >= (int)fp[ip->B] ? ip[1].Distance + 1 : 2; continue;
                case IrOp.JumpI32GeU:             ip += (uint)fp[ip->A] >= (uint)fp[ip->B] ? ip[1].Distance + 1 : 2; continue;
                case IrOp.JumpI32EqConstant:      ip += (uint)fp[ip->A] == (uint)ip[1].Comparand ? ip[1].Distance + 1 : 2; continue;
                case IrOp.JumpI32NeConstant:      ip += (uint)fp[ip->A] != (uint)ip[1].Comparand ? ip[1].Distance + 1 : 2; continue;
                case IrOp.JumpI32LtSConstant:     ip += (int)fp[ip->A] < ip[1].Comparand ? ip[1].Distance + 1 : 2; continue;
                case IrOp.JumpI32LtUConstant:     ip += (uint)fp[ip->A] < (uint)ip[1].Comparand ? ip[1].Distance + 1 : 2; continue;
                case IrOp.JumpI32GtSConstant:     ip += (int)fp[ip->A] > ip[1].Comparand ? ip[1].Distance + 1 : 2; continue;
                case IrOp.JumpI32GtUConstant:     ip += (uint)fp[ip->A] > (uint)ip[1].Comparand ? ip[1].Distance + 1 : 2; continue;
                case IrOp.JumpI32LeSConstant:     ip += (int)fp[ip->A] <= ip[1].Comparand ? ip[1].Distance + 1 : 2; continue;
                case IrOp.JumpI32LeUConstant:     ip += (uint)fp[ip->A] <= (uint)ip[1].Comparand ? ip[1].Distance + 1 : 2; continue;
                case IrOp.JumpI32GeSConstant:     ip += (int)fp[ip->A] >= ip[1].Comparand ? ip[1].Distance + 1 : 2; continue;
                case IrOp.JumpI32GeUConstant:     ip += (uint)fp[ip->A] >= (uint)ip[1].Comparand ? ip[1].Distance + 1 : 2; continue;
                case IrOp.I64Eqz:                 fp[ip->A] = fp[ip->B] == 0 ? 1UL : 0UL; ip++; continue;
                case IrOp.I64Eq:                  fp[ip->A] = fp[ip->B] == fp[ip->C] ? 1UL : 0UL; ip++; continue;
                case IrOp.I64Ne:                  fp[ip->A] = fp[ip->B] != fp[ip->C] ? 1UL : 0UL; ip++; continue;
                case IrOp.I64LtS:                 fp[ip->A] = (long)fp[ip->B] < (long)fp[ip->C] ? 1UL : 0UL; ip++; continue;
                case IrOp.I64LtU:                 fp[ip->A] = fp[ip->B] < fp[ip->C] ? 1UL : 0UL; ip++; continue;
                case IrOp.I64GtS:                 fp[ip->A] = (long)fp[ip->B] > (long)fp[ip->C] ? 1UL : 0UL; ip++; continue;
                case IrOp.I64GtU:                 fp[ip->A] = fp[ip->B] > fp[ip->C] ? 1UL : 0UL; ip++; continue;
                case IrOp.I64LeS:                 fp[ip->A] = (long)fp[ip->B] <= (long)fp[ip->C] ? 1UL : 0UL; ip++; continue;
                case IrOp.I64LeU:                 fp[ip->A] = fp[ip->B] <= fp[ip->C] ? 1UL : 0UL; ip++; continue;
                case IrOp.I64GeS:                 fp[ip->A] = (long)fp[ip->B] >= (long)fp[ip->C] ? 1UL : 0UL; ip++; continue;
                case IrOp.I64GeU:                 fp[ip->A] = fp[ip->B] >= fp[ip->C] ? 1UL : 0UL; ip++; continue;
                case IrOp.I64EqSmall:             fp[ip->A] = fp[ip->B] == (ulong)ip->Small ? 1UL : 0UL; ip++; continue;
                case IrOp.I64NeSmall:             fp[ip->A] = fp[ip->B] != (ulong)ip->Small ? 1UL : 0UL; ip++; continue;
                case IrOp.I64LtSSmall:            fp[ip->A] = (long)fp[ip->B] < ip->Small ? 1UL : 0UL; ip++; continue;
                case IrOp.I64LtUSmall:            fp[ip->A] = fp[ip->B] < (ulong)ip->Small ? 1UL : 0UL; ip++; continue;
                case IrOp.I64GtSSmall:            fp[ip->A] = (long)fp[ip->B] > ip->Small ? 1UL : 0UL; ip++; continue;
                case IrOp.I64GtUSmall:            fp[ip->A] = fp[ip->B] > (ulong)ip->Small ? 1UL : 0UL; ip++; continue;
                case IrOp.I64LeSSmall:            fp[ip->A] = (long)fp[ip->B] <= ip->Small ? 1UL : 0UL; ip++; continue;
                case IrOp.I64LeUSmall:            fp[ip->A] = fp[ip->B] <= (ulong)ip->Small ? 1UL : 0UL; ip++; continue;
                case IrOp.I64GeSSmall:            fp[ip->A] = (long)fp[ip->B] >= ip->Small ? 1UL : 0UL; ip++; continue;
                case IrOp.I64GeUSmall:            fp[ip->A] = fp[ip->B] >= (ulong)ip->Small ? 1UL : 0UL; ip++; continue;
                case IrOp.JumpI64Eq:              ip += fp[ip->A] == fp[ip->B] ? ip[1].Distance + 1 : 2; continue;
                case IrOp.JumpI64Ne:              ip += fp[ip->A] != fp[ip->B] ? ip[1].Distance + 1 : 2; continue;
                case IrOp.JumpI64LtS:             ip += (long)fp[ip->A] < (long)fp[ip->B] ? ip[1].Distance + 1 : 2; continue;
                case IrOp.JumpI64LtU:             ip += fp[ip->A] < fp[ip->B] ? ip[1].Distance + 1 : 2; continue;
                case IrOp.JumpI64GtS:             ip += (long)fp[ip->A] > (long)fp[ip->B] ? ip[1].Distance + 1 : 2; continue;
                case IrOp.JumpI64GtU:             ip += fp[ip->A] > fp[ip->B] ? ip[1].Distance + 1 : 2; continue;
                case IrOp.JumpI64LeS:             ip += (long)fp[ip->A] <= (long)fp[ip->B] ? ip[1].Distance + 1 : 2; continue;
                case IrOp.JumpI64LeU:             ip += fp[ip->A] <= fp[ip->B] ? ip[1].Distance + 1 : 2; continue;
                case IrOp.JumpI64GeS:             ip += (long)fp[ip->A] >= (long)fp[ip->B] ? ip[1].Distance + 1 : 2; continue;
                case IrOp.JumpI64GeU:             ip += fp[ip->A] >= fp[ip->B] ? ip[1].Distance + 1 : 2; continue;
                case IrOp.JumpI64EqConstant:      ip += fp[ip->A] == (ulong)ip[1].Comparand ? ip[1].Distance + 1 : 2; continue;
                case IrOp.JumpI64NeConstant:      ip += fp[ip->A] != (ulong)ip[1].Comparand ? ip[1].Distance + 1 : 2; continue;
                case IrOp.JumpI64LtSConstant:     ip += (long)fp[ip->A] < ip[1].Comparand ? ip[1].Distance + 1 : 2; continue;
                case IrOp.JumpI64LtUConstant:     ip += fp[ip->A] < (ulong)ip[1].Comparand ? ip[1].Distance + 1 : 2; continue;
                case IrOp.JumpI64GtSConstant:     ip += (long)fp[ip->A] > ip[1].Comparand ? ip[1].Distance + 1 : 2; continue;
                case IrOp.JumpI64GtUConstant:     ip += fp[ip->A] > (ulong)ip[1].Comparand ? ip[1].Distance + 1 : 2; continue;
                case IrOp.JumpI64LeSConstant:     ip += (long)fp[ip->A] <= ip[1].Comparand ? ip[1].Distance + 1 : 2; continue;
                case IrOp.JumpI64LeUConstant:     ip += fp[ip->A] <= (ulong)ip[1].Comparand ? ip[1].Distance + 1 : 2; continue;
                case IrOp.JumpI64GeSConstant:     ip += (long)fp[ip->A] >= ip[1].Comparand ? ip[1].Distance + 1 : 2; continue;
                case IrOp.JumpI64GeUConstant:     ip += fp[ip->A] >= (ulong)ip[1].Comparand ? ip[1].Distance + 1 : 2; continue;
                case IrOp.F32Eq:                  fp[ip->A] = *(float*)(fp + ip->B) == *(float*)(fp + ip->C) ? 1UL : 0UL; ip++; continue;
                case IrOp.F32Ne:                  fp[ip->A] = *(float*)(fp + ip->B) != *(float*)(fp + ip->C) ? 1UL : 0UL; ip++; continue;
                case IrOp.F32Lt:                  fp[ip->A] = *(float*)(fp + ip->B) < *(float*)(fp + ip->C) ? 1UL : 0UL; ip++; continue;
                case IrOp.F32Gt:                  fp[ip->A] = *(float*)(fp + ip->B) > *(float*)(fp + ip->C) ? 1UL : 0UL; ip++; continue;
                case IrOp.F32Le:                  fp[ip->A] = *(float*)(fp + ip->B) <= *(float*)(fp + ip->C) ? 1UL : 0UL; ip++; continue;
                case IrOp.F32Ge:                  fp[ip->A] = *(float*)(fp + ip->B) >= *(float*)(fp + ip->C) ? 1UL : 0UL; ip++; continue;
                case IrOp.F64Eq:                  fp[ip->A] = *(double*)(fp + ip->B) == *(double*)(fp + ip->C) ? 1UL : 0UL; ip++; continue;
                case IrOp.F64Ne:                  fp[ip->A] = *(double*)(fp + ip->B) != *(double*)(fp + ip->C) ? 1UL : 0UL; ip++; continue;
                case IrOp.F64Lt:                  fp[ip->A] = *(double*)(fp + ip->B) < *(double*)(fp + ip->C) ? 1UL : 0UL; ip++; continue;
                case IrOp.F64Gt:                  fp[ip->A] = *(double*)(fp + ip->B) > *(double*)(fp + ip->C) ? 1UL : 0UL; ip++; continue;
                case IrOp.F64Le:                  fp[ip->A] = *(double*)(fp + ip->B) <= *(double*)(fp + ip->C) ? 1UL : 0UL; ip++; continue;
                case IrOp.F64Ge:                  fp[ip->A] = *(double*)(fp + ip->B) >= *(double*)(fp + ip->C) ? 1UL : 0UL; ip++; continue;
                case IrOp.I32Clz:                 fp[ip->A] = (uint)BitOperations.LeadingZeroCount((uint)fp[ip->B]); ip++; continue;
                case IrOp.I32Ctz:                 fp[ip->A] = (uint)BitOperations.TrailingZeroCount((uint)fp[ip->B]); ip++; continue;
                case IrOp.I32Popcnt:              fp[ip->A] = (uint)BitOperations.PopCount((uint)fp[ip->B]); ip++; continue;
                case IrOp.I32Add:                 fp[ip->A] = (uint)fp[ip->B] + (uint)fp[ip->C]; ip++; continue;
                case IrOp.I32Sub:                 fp[ip->A] = (uint)fp[ip->B] - (uint)fp[ip->C]; ip++; continue;
                case IrOp.I32Mul:                 fp[ip->A] = (uint)fp[ip->B] * (uint)fp[ip->C]; ip++; continue;
                case IrOp.I32And:                 fp[ip->A] = (uint)fp[ip->B] & (uint)fp[ip->C]; ip++; continue;
                case IrOp.I32Or:                  fp[ip->A] = (uint)fp[ip->B] | (uint)fp[ip->C]; ip++; continue;
                case IrOp.I32Xor:                 fp[ip->A] = (uint)fp[ip->B] ^ (uint)fp[ip->C]; ip++; continue;
                case IrOp.I32Shl:                 fp[ip->A] = (uint)fp[ip->B] << (int)fp[ip->C]; ip++; continue;
                case IrOp.I32ShrU:                fp[ip->A] = (uint)fp[ip->B] >> (int)fp[ip->C]; ip++; continue;
                case IrOp.I32ShrS:                fp[ip->A] = (uint)((int)fp[ip->B] >> (int)fp[ip->C]); ip++; continue;
                case IrOp.I32Rotl:                fp[ip->A] = BitOperations.RotateLeft((uint)fp[ip->B], (int)fp[ip->C]); ip++; continue;
                case IrOp.I32Rotr:                fp[ip->A] = BitOperations.RotateRight((uint)fp[ip->B], (int)fp[ip->C]); ip++; continue;
                case IrOp.I32AddSmall:            fp[ip->A] = (uint)fp[ip->B] + (uint)ip->Small; ip++; continue;
                case IrOp.I32MulSmall:            fp[ip->A] = (uint)fp[ip->B] * (uint)ip->Small; ip++; continue;
                case IrOp.I32AndSmall:            fp[ip->A] = (uint)fp[ip->B] & (uint)ip->Small; ip++; continue;
                case IrOp.I32OrSmall:             fp[ip->A] = (uint)fp[ip->B] | (uint)ip->Small; ip++; continue;
                case IrOp.I32XorSmall:            fp[ip->A] = (uint)fp[ip->B] ^ (uint)ip->Small; ip++; continue;
                case IrOp.I32ShlSmall:            fp[ip->A] = (uint)fp[ip->B] << ip->C; ip++; continue;
                case IrOp.I32ShrUSmall:           fp[ip->A] = (uint)fp[ip->B] >> ip->C; ip++; continue;
                case IrOp.I32ShrSSmall:           fp[ip->A] = (uint)((int)fp[ip->B] >> ip->C); ip++; continue;
                case IrOp.I32RotlSmall:           fp[ip->A] = BitOperations.RotateLeft((uint)fp[ip->B], ip->C); ip++; continue;
                case IrOp.I32DivS:                trap = IntegerOperations.I32DivS(fp, ip); if (trap != TrapCode.None) { return trap; } ip++; continue;
                case IrOp.I32DivU:                trap = IntegerOperations.I32DivU(fp, ip); if (trap != TrapCode.None) { return trap; } ip++; continue;
                case IrOp.I32RemS:                trap = IntegerOperations.I32RemS(fp, ip); if (trap != TrapCode.None) { return trap; } ip++; continue;
                case IrOp.I32RemU:                trap = IntegerOperations.I32RemU(fp, ip); if (trap != TrapCode.None) { return trap; } ip++; continue;
                case IrOp.I64Clz:                 fp[ip->A] = (uint)BitOperations.LeadingZeroCount(fp[ip->B]); ip++; continue;
                case IrOp.I64Ctz:                 fp[ip->A] = (uint)BitOperations.TrailingZeroCount(fp[ip->B]); ip++; continue;
                case IrOp.I64Popcnt:              fp[ip->A] = (uint)BitOperations.PopCount(fp[ip->B]); ip++; continue;
                case IrOp.I64Add:                 fp[ip->A] = fp[ip->B] + fp[ip->C]; ip++; continue;
                case IrOp.I64Sub:                 fp[ip->A] = fp[ip->B] - fp[ip->C]; ip++; continue;
                case IrOp.I64Mul:                 fp[ip->A] = fp[ip->B] * fp[ip->C]; ip++; continue;
                case IrOp.I64And:                 fp[ip->A] = fp[ip->B] & fp[ip->C]; ip++; continue;
                case IrOp.I64Or:                  fp[ip->A] = fp[ip->B] | fp[ip->C]; ip++; continue;
                case IrOp.I64Xor:                 fp[ip->A] = fp[ip->B] ^ fp[ip->C]; ip++; continue;
                case IrOp.I64Shl:                 fp[ip->A] = fp[ip->B] << (int)fp[ip->C]; ip++; continue;
                case IrOp.I64ShrU:                fp[ip->A] = fp[ip->B] >> (int)fp[ip->C]; ip++; continue;
                case IrOp.I64ShrS:                fp[ip->A] = (ulong)((long)fp[ip->B] >> (int)fp[ip->C]); ip++; continue;
                case IrOp.I64Rotl:                fp[ip->A] = BitOperations.RotateLeft(fp[ip->B], (int)fp[ip->C]); ip++; continue;
                case IrOp.I64Rotr:                fp[ip->A] = BitOperations.RotateRight(fp[ip->B], (int)fp[ip->C]); ip++; continue;
                case IrOp.I64AddSmall:            fp[ip->A] = fp[ip->B] + (ulong)ip->Small; ip++; continue;
                case IrOp.I64MulSmall:            fp[ip->A] = fp[ip->B] * (ulong)ip->Small; ip++; continue;
                case IrOp.I64AndSmall:            fp[ip->A] = fp[ip->B] & (ulong)ip->Small; ip++; continue;
                case IrOp.I64OrSmall:             fp[ip->A] = fp[ip->B] | (ulong)ip->Small; ip++; continue;
                case IrOp.I64XorSmall:            fp[ip->A] = fp[ip->B] ^ (ulong)ip->Small; ip++; continue;
                case IrOp.I64ShlSmall:            fp[ip->A] = fp[ip->B] << ip->C; ip++; continue;
                case IrOp.I64ShrUSmall:           fp[ip->A] = fp[ip->B] >> ip->C; ip++; continue;
                case IrOp.I64ShrSSmall:           fp[ip->A] = (ulong)((long)fp[ip->B] >> ip->C); ip++; continue;
                case IrOp.I64RotlSmall:           fp[ip->A] = BitOperations.RotateLeft(fp[ip->B], ip->C); ip++; continue;
                case IrOp.I64DivS:                trap = IntegerOperations.I64DivS(fp, ip); if (trap != TrapCode.None) { return trap; } ip++; continue;
                case IrOp.I64DivU:                trap = IntegerOperations.I64DivU(fp, ip); if (trap != TrapCode.None) { return trap; } ip++; continue;
                case IrOp.I64RemS:                trap = IntegerOperations.I64RemS(fp, ip); if (trap != TrapCode.None) { return trap; } ip++; continue;
                case IrOp.I64RemU:                trap = IntegerOperations.I64RemU(fp, ip); if (trap != TrapCode.None) { return trap; } ip++; continue;
                case IrOp.I32WrapI64:             fp[ip->A] = (uint)fp[ip->B]; ip++; continue;
                case IrOp.I64ExtendI32S:          fp[ip->A] = (ulong)(int)fp[ip->B]; ip++; continue;
                case IrOp.I32Extend8S:            fp[ip->A] = (uint)(sbyte)fp[ip->B]; ip++; continue;
                case IrOp.I32Extend16S:           fp[ip->A] = (uint)(short)fp[ip->B]; ip++; continue;
                case IrOp.I64Extend8S:            fp[ip->A] = (ulong)(sbyte)fp[ip->B]; ip++; continue;
                case IrOp.I64Extend16S:           fp[ip->A] = (ulong)(short)fp[ip->B]; ip++; continue;
                case IrOp.I64Extend32S:           fp[ip->A] = (ulong)(int)fp[ip->B]; ip++; continue;
                case IrOp.F32Abs:                 FloatOperations.F32Abs(fp, ip); ip++; continue;
                case IrOp.F32Neg:                 FloatOperations.F32Neg(fp, ip); ip++; continue;
                case IrOp.F32Ceil:                FloatOperations.F32Ceil(fp, ip); ip++; continue;
                case IrOp.F32Floor:               FloatOperations.F32Floor(fp, ip); ip++; continue;
                case IrOp.F32Trunc:               FloatOperations.F32Trunc(fp, ip); ip++; continue;
                case IrOp.F32Nearest:             FloatOperations.F32Nearest(fp, ip); ip++; continue;
                case IrOp.F32Sqrt:                FloatOperations.F32Sqrt(fp, ip); ip++; continue;
                case IrOp.F32Add:                 FloatOperations.F32Add(fp, ip); ip++; continue;
                case IrOp.F32Sub:                 FloatOperations.F32Sub(fp, ip); ip++; continue;
                case IrOp.F32Mul:                 FloatOperations.F32Mul(fp, ip); ip++; continue;
                case IrOp.F32Div:                 FloatOperations.F32Div(fp, ip); ip++; continue;
                case IrOp.F32Min:                 FloatOperations.F32Min(fp, ip); ip++; continue;
                case IrOp.F32Max:                 FloatOperations.F32Max(fp, ip); ip++; continue;
                case IrOp.F32Copysign:            FloatOperations.F32Copysign(fp, ip); ip++; continue;
                case IrOp.F64Abs:                 FloatOperations.F64Abs(fp, ip); ip++; continue;
                case IrOp.F64Neg:                 FloatOperations.F64Neg(fp, ip); ip++; continue;
                case IrOp.F64Ceil:                FloatOperations.F64Ceil(fp, ip); ip++; continue;
                case IrOp.F64Floor:               FloatOperations.F64Floor(fp, ip); ip++; continue;
                case IrOp.F64Trunc:               FloatOperations.F64Trunc(fp, ip); ip++; continue;
                case IrOp.F64Nearest:             FloatOperations.F64Nearest(fp, ip); ip++; continue;
                case IrOp.F64Sqrt:                FloatOperations.F64Sqrt(fp, ip); ip++; continue;
                case IrOp.F64Add:                 FloatOperations.F64Add(fp, ip); ip++; continue;
                case IrOp.F64Sub:                 FloatOperations.F64Sub(fp, ip); ip++; continue;
                case IrOp.F64Mul:                 FloatOperations.F64Mul(fp, ip); ip++; continue;
                case IrOp.F64Div:                 FloatOperations.F64Div(fp, ip); ip++; continue;
                case IrOp.F64Min:                 FloatOperations.F64Min(fp, ip); ip++; continue;
                case IrOp.F64Max:                 FloatOperations.F64Max(fp, ip); ip++; continue;
                case IrOp.F64Copysign:            FloatOperations.F64Copysign(fp, ip); ip++; continue;
                case IrOp.F32ConvertI32S:         FloatOperations.F32ConvertI32S(fp, ip); ip++; continue;
                case IrOp.F32ConvertI32U:         FloatOperations.F32ConvertI32U(fp, ip); ip++; continue;
                case IrOp.F32ConvertI64S:         FloatOperations.F32ConvertI64S(fp, ip); ip++; continue;
                case IrOp.F32ConvertI64U:         FloatOperations.F32ConvertI64U(fp, ip); ip++; continue;
                case IrOp.F32DemoteF64:           FloatOperations.F32DemoteF64(fp, ip); ip++; continue;
                case IrOp.F64ConvertI32S:         FloatOperations.F64ConvertI32S(fp, ip); ip++; continue;
                case IrOp.F64ConvertI32U:         FloatOperations.F64ConvertI32U(fp, ip); ip++; continue;
                case IrOp.F64ConvertI64S:         FloatOperations.F64ConvertI64S(fp, ip); ip++; continue;
                case IrOp.F64ConvertI64U:         FloatOperations.F64ConvertI64U(fp, ip); ip++; continue;
                case IrOp.F64PromoteF32:          FloatOperations.F64PromoteF32(fp, ip); ip++; continue;
                case IrOp.I32TruncSatF32S:        FloatOperations.I32TruncSatF32S(fp, ip); ip++; continue;
                case IrOp.I32TruncSatF32U:        FloatOperations.I32TruncSatF32U(fp, ip); ip++; continue;
                case IrOp.I32TruncSatF64S:        FloatOperations.I32TruncSatF64S(fp, ip); ip++; continue;
                case IrOp.I32TruncSatF64U:        FloatOperations.I32TruncSatF64U(fp, ip); ip++; continue;
                case IrOp.I64TruncSatF32S:        FloatOperations.I64TruncSatF32S(fp, ip); ip++; continue;
                case IrOp.I64TruncSatF32U:        FloatOperations.I64TruncSatF32U(fp, ip); ip++; continue;
                case IrOp.I64TruncSatF64S:        FloatOperations.I64TruncSatF64S(fp, ip); ip++; continue;
                case IrOp.I64TruncSatF64U:        FloatOperations.I64TruncSatF64U(fp, ip); ip++; continue;
                case IrOp.I32TruncF32S:           trap = FloatOperations.I32TruncF32S(fp, ip); if (trap != TrapCode.None) { return trap; } ip++; continue;
                case IrOp.I32TruncF32U:           trap = FloatOperations.I32TruncF32U(fp, ip); if (trap != TrapCode.None) { return trap; } ip++; continue;
                case IrOp.I32TruncF64S:           trap = FloatOperations.I32TruncF64S(fp, ip); if (trap != TrapCode.None) { return trap; } ip++; continue;
                case IrOp.I32TruncF64U:           trap = FloatOperations.I32TruncF64U(fp, ip); if (trap != TrapCode.None) { return trap; } ip++; continue;
                case IrOp.I64TruncF32S:           trap = FloatOperations.I64TruncF32S(fp, ip); if (trap != TrapCode.None) { return trap; } ip++; continue;
                case IrOp.I64TruncF32U:           trap = FloatOperations.I64TruncF32U(fp, ip); if (trap != TrapCode.None) { return trap; } ip++; continue;
                case IrOp.I64TruncF64S:           trap = FloatOperations.I64TruncF64S(fp, ip); if (trap != TrapCode.None) { return trap; } ip++; continue;
                case IrOp.I64TruncF64U:           trap = FloatOperations.I64TruncF64U(fp, ip); if (trap != TrapCode.None) { return trap; } ip++; continue;
#pragma warning restore format, CS0675

                default:
                    return TrapCode.Unreachable;
            }

        EnterFunction:
            slots = fp + ip->A;
            frame++;
            frame->ReturnTo = ip + 1;
            frame->StackCost = (int)function->StackCost;
            goto Enter;

        EnterIndirect:
            slots = fp + ip->A;
            frame++;
            frame->ReturnTo = ip + 2;
            frame->StackCost = instance.IndirectCost;

        Enter:
            frame->Slots = fp;
            ip = SlowOperations.Enter(instance, function, frame, slots);
            if (ip == null)
            {
                return instance.PendingTrap;
            }

            fp = slots;
            continue;
        }
    }
}
