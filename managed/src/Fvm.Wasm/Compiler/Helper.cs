using Fvm.Wasm.Module;

namespace Fvm.Wasm.Compiler;

/// <summary>
/// Instructions that compiled code leaves to the runtime: those that grow or touch what the runtime owns.
/// </summary>
internal static class Helper
{
    /// <summary>Slots that a call of a helper may take: three operands, one or two indices.</summary>
    public const int MaxArguments = 4;

    /// <summary>Whether code for an instruction calls a helper.</summary>
    public static bool IsNeededFor(Opcode opcode) => opcode switch
    {
        Opcode.MemoryGrow or Opcode.MemoryInit or Opcode.MemoryCopy or Opcode.MemoryFill => true,
        Opcode.TableGrow or Opcode.TableFill or Opcode.TableInit or Opcode.TableCopy => true,
        _ => false,
    };
}
