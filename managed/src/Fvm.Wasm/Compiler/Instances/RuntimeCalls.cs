using System.Runtime.InteropServices;

namespace Fvm.Wasm;

/// <summary>
/// Entry points from compiled code to managed code. They catch all exceptions; the instance keeps the exception and rethrows it from its
/// entry point (<see cref="PooledInstance.Call"/>).
/// </summary>
// Sound: machine code passes the context with which it was entered, whose instance is alive while the code runs, and slots in its own stack
// frame; slots beyond the operands are still within the thread's stack, and are not used.
internal static unsafe class RuntimeCalls
{
    public static nint HelperAddress => (nint)(delegate* unmanaged<InstanceContext*, int, ulong*, int>)&Help;

    public static nint CompileAddress => (nint)(delegate* unmanaged<InstanceContext*, int, nint>)&Compile;

    /// <summary>Compiles a function at its first call. Returns its address, or 0 on failure.</summary>
    [UnmanagedCallersOnly]
    private static nint Compile(InstanceContext* context, int number)
    {
        PooledInstance instance = PooledInstance.Of(context);
        try
        {
            return instance.Code.Segment.Compile(number);
        }
        catch (Exception e)
        {
            instance.Fault = e;
            return 0;
        }
    }

    /// <summary>
    /// Executes an instruction not implemented in machine code. The slots hold its operands, then its immediate index; the first receives the
    /// result.
    /// </summary>
    [UnmanagedCallersOnly]
    private static int Help(InstanceContext* context, int opcode, ulong* slots)
    {
        PooledInstance instance = PooledInstance.Of(context);
        try
        {
            return (int)Help(instance, (Opcode)opcode, slots);
        }
        catch (Exception e)
        {
            instance.Fault = e;
            return (int)TrapCode.HostFault;
        }
    }

    private static TrapCode Help(PooledInstance instance, Opcode opcode, ulong* slots)
    {
        uint first = (uint)slots[0];
        uint second = (uint)slots[1];
        uint third = (uint)slots[2];
        switch (opcode)
        {
            case Opcode.MemoryGrow:
                slots[0] = instance.GrowMemory(first);
                return TrapCode.None;
            case Opcode.TableInit:
                return instance.Segments.TableInit(instance.Context, (int)slots[3], first, second, third);
            case Opcode.TableCopy:
                return TableRanges.Copy(instance.Context, first, second, third);
            case Opcode.TableFill:
                return TableRanges.Fill(instance.Context, first, slots[1], third);
            case Opcode.TableGrow:
                slots[0] = instance.GrowTable(slots[0], second);
                return TrapCode.None;
            default:
                throw NoHelper(opcode);
        }
    }

    // Not in place: the text's temporaries would be cleared at each call, by vector stores that may cross a page of the stack.
    private static InvalidOperationException NoHelper(Opcode opcode) => new($"{opcode} has no helper");
}
