using Fvm.Wasm.Module;

namespace Fvm.Wasm.Compiler;

/// <summary>
/// Instructions that compiled code leaves to the runtime: those that grow or touch what the runtime owns, and rare floating-point
/// instructions whose every corner the interpreter's own functions already cover.
/// </summary>
internal static class Helper
{
    /// <summary>Slots that a call of a helper may take: three operands, one or two indices.</summary>
    public const int MaxArguments = 4;

    /// <summary>Whether code for an instruction calls a helper.</summary>
    public static bool IsNeededFor(Opcode opcode) => opcode switch
    {
        Opcode.MemoryGrow or Opcode.MemoryInit or Opcode.MemoryCopy or Opcode.MemoryFill or Opcode.DataDrop => true,
        Opcode.TableGet or Opcode.TableSet or Opcode.TableGrow or Opcode.TableFill => true,
        Opcode.TableInit or Opcode.TableCopy or Opcode.ElemDrop => true,
        Opcode.F32Min or Opcode.F32Max or Opcode.F64Min or Opcode.F64Max => true,
        >= Opcode.I32TruncF32S and <= Opcode.I32TruncF64U => true,
        >= Opcode.I64TruncF32S and <= Opcode.I64TruncF64U => true,
        >= Opcode.I32TruncSatF32S and <= Opcode.I64TruncSatF64U => true,
        Opcode.F32ConvertI64U or Opcode.F64ConvertI64U => true,
        _ => false,
    };
}
