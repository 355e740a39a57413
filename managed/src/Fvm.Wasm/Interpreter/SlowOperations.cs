using System.Runtime.CompilerServices;

namespace Fvm.Wasm;

/// <summary>Steps of calls outside the dispatch loop.</summary>
// Sound: Enter checks frame and slots against the limits of the instance's stack before it clears or admits them; the frame that it fills
// before lies at most one past the last, where the slots begin; indices of imports and functions come from a validated module, and elements
// are checked against the table's length.
internal static unsafe class SlowOperations
{
    /// <summary>
    /// Enters a defined function: counts its stack height, translates it if needed, checks the room for frame and slots, clears its locals.
    /// Returns the first instruction, or null with <see cref="InterpreterInstance.PendingTrap"/> set.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Instruction* Enter(InterpreterInstance instance, FunctionEntry* function, Frame* frame, ulong* slots)
    {
        InstanceContext* ctx = instance.Context;
        int height = ctx->StackHeight + frame->StackCost;
        ctx->StackHeight = height;
        if ((uint)height > (uint)ctx->StackLimit)
        {
            instance.PendingTrap = TrapCode.StackLimit;
            return null;
        }

        int bytes = ctx->FrameBytes + function->FrameBytes;
        ctx->FrameBytes = bytes;
        frame->FrameBytes = function->FrameBytes;
        if (bytes > FrameModel.Limit)
        {
            instance.PendingTrap = TrapCode.HostStackOverflow;
            return null;
        }

        Instruction* code = function->Code;
        if (code == null)
        {
            code = instance.Code.Translate(function);
        }

        uint frameSlots = (uint)code[-1].Distance;
        uint cleared = (uint)code[-1].Comparand;
        if ((frame >= instance.LastFrame || slots + frameSlots > instance.LastSlot) && !instance.TryDeepen(frame, slots + frameSlots))
        {
            instance.PendingTrap = TrapCode.HostStackOverflow;
            return null;
        }

        ulong* local = slots + function->Parameters;
        if (cleared > 16)
        {
            // Sound: the cleared locals follow the parameters within the frame, which fits into the stack.
            Unsafe.InitBlockUnaligned(local, 0, cleared * sizeof(ulong));
            return code;
        }

        for (; cleared > 0; cleared--)
        {
            *local++ = 0;
        }

        return code;
    }

    /// <summary>Calls an import.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static TrapCode CallHost(InterpreterInstance instance, int import, ulong* slots)
    {
        ImportEntry* entry = instance.Imports + import;
        TrapCode trap = instance.Host.Entry(instance.Context, entry->HostIndex, slots);
        if (entry->NarrowResult)
        {
            slots[0] = (uint)slots[0];
        }

        return trap;
    }

    /// <summary>
    /// Resolves an indirect call. Returns null if the loop has nothing left to do: <see cref="InterpreterInstance.PendingTrap"/> then tells
    /// whether a host function was called and returned.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static FunctionEntry* Indirect(InterpreterInstance instance, ulong* fp, Instruction* ip)
    {
        InstanceContext* ctx = instance.Context;
        uint element = (uint)fp[ip->B];
        if (element >= ctx->TableLength)
        {
            instance.PendingTrap = TrapCode.TableOutOfBounds;
            return null;
        }

        ulong reference = ((ulong*)ctx->Table)[element];
        if (reference == FunctionReference.Null)
        {
            instance.PendingTrap = TrapCode.IndirectCallToNull;
            return null;
        }

        int index = (int)(uint)reference - 1;
        if (instance.Code.TypeIdOf(index) != (int)ip[1].Constant)
        {
            instance.PendingTrap = TrapCode.BadSignature;
            return null;
        }

        int defined = index - instance.Code.Module.ImportedFunctionCount;
        if (defined < 0)
        {
            instance.PendingTrap = CallHost(instance, index, fp + ip->A);
            return null;
        }

        FunctionEntry* function = instance.Functions + defined;
        instance.IndirectCost = 0;
        if ((reference & FunctionReference.Direct) == 0)
        {
            instance.IndirectCost = (int)function->StackCost;
            ctx->GasLeft -= (long)function->ThunkCost;
            if (ctx->GasLeft < 0)
            {
                instance.PendingTrap = TrapCode.OutOfGas;
                return null;
            }
        }

        return function;
    }

    /// <summary>The trap of a charge that did not pass: gas is used up, or the instance is to stop.</summary>
    public static TrapCode EndOf(InstanceContext* ctx) => ctx->GasLeft < 0 ? TrapCode.OutOfGas : TrapCode.HostFault;
}
