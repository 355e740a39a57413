using System.Globalization;
using System.Text;

namespace Fvm.Wasm.Fuzz;

/// <summary>Prints the functions of a module as text that <see cref="CodeText"/> accepts.</summary>
internal static class ModuleText
{
    /// <summary>Lists all functions defined by the module; states so if the module does not decode.</summary>
    public static string Of(byte[] bytes)
    {
        StringBuilder text = new();
        try
        {
            WasmModule module = ModuleValidator.Decode(bytes, ModuleRunner.Limits);
            text.Append(Invariant($"{module.ImportedFunctionCount} functions imported, start function {module.StartFunction}\n"));
            for (int function = module.ImportedFunctionCount; function < module.FunctionCount; function++)
            {
                FunctionBody body = module.BodyOf(function);
                string locals = string.Join(' ', body.LocalGroups.Select(static group => $"{group.Count} {group.Type}"));
                text.Append(Invariant($"function {function} {module.TypeOf(function)}; locals {locals}\n"));
                Append(text, bytes, body);
            }
        }
        catch (InvalidModuleException e)
        {
            text.Append(Invariant($"no valid module: {e.Message}\n"));
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, byte[] bytes, FunctionBody body)
    {
        int depth = 1;
        InstructionReader reader = new(bytes, body);
        while (reader.MoveNext())
        {
            depth -= reader.Opcode is Opcode.End or Opcode.Else ? 1 : 0;
            text.Append(' ', 2 * Math.Max(depth, 1)).Append(Opcodes.Of(reader.Opcode).Name);
            AppendImmediates(text, ref reader);
            text.Append('\n');
            depth += reader.Opcode is Opcode.Block or Opcode.Loop or Opcode.If or Opcode.Else ? 1 : 0;
        }
    }

    private static void AppendImmediates(StringBuilder text, ref InstructionReader reader)
    {
        switch (Opcodes.Of(reader.Opcode).Immediates)
        {
            case ImmediateKind.Block when reader.BlockType != ValueKind.Empty:
                text.Append(':').Append(reader.BlockType switch { ValueKind.I32 => 'i', ValueKind.I64 => 'I', ValueKind.F32 => 'f', _ => 'F' });
                break;
            case ImmediateKind.Index or ImmediateKind.IndirectCall or ImmediateKind.TwoIndices or ImmediateKind.DataSegment:
                text.Append(Invariant($" {reader.Index}"));
                break;
            case ImmediateKind.Memory:
                text.Append(Invariant($" {reader.MemoryOffset}"));
                break;
            case ImmediateKind.I32:
                text.Append(Invariant($" {(int)reader.Constant}"));
                break;
            case ImmediateKind.I64:
                text.Append(Invariant($" {(long)reader.Constant}"));
                break;
            case ImmediateKind.F32:
                text.Append(Invariant($" {BitConverter.UInt32BitsToSingle((uint)reader.Constant):R}"));
                break;
            case ImmediateKind.F64:
                text.Append(Invariant($" {BitConverter.UInt64BitsToDouble(reader.Constant):R}"));
                break;
            case ImmediateKind.BranchTable:
                BranchTargets targets = reader.Targets;
                while (targets.MoveNext())
                {
                    text.Append(Invariant($" {targets.Current}"));
                }

                break;
        }
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
