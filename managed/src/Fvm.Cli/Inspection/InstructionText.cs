using System.Globalization;
using Fvm.Wasm;

namespace Fvm.Cli;

/// <summary>Writes Wasm instructions in the text format.</summary>
internal static class InstructionText
{
    private const int TargetsShown = 8;

    /// <summary>The instruction last read by the reader.</summary>
    public static string Of(in InstructionReader reader)
    {
        OpcodeInfo row = Opcodes.Of(reader.Opcode);
        string immediates = row.Immediates switch
        {
            ImmediateKind.Index => $" {reader.Index}",
            ImmediateKind.Memory => MemoryArgument(in reader),
            ImmediateKind.I32 => string.Create(CultureInfo.InvariantCulture, $" {(int)reader.Constant}"),
            ImmediateKind.I64 => string.Create(CultureInfo.InvariantCulture, $" {(long)reader.Constant}"),
            ImmediateKind.F32 => string.Create(CultureInfo.InvariantCulture, $" {BitConverter.UInt32BitsToSingle((uint)reader.Constant)}"),
            ImmediateKind.F64 => string.Create(CultureInfo.InvariantCulture, $" {BitConverter.UInt64BitsToDouble(reader.Constant)}"),
            ImmediateKind.Block => reader.BlockType == ValueKind.Empty ? "" : $" (result {reader.BlockType.ToString().ToLowerInvariant()})",
            ImmediateKind.BranchTable => Targets(in reader),
            ImmediateKind.IndirectCall => $" (type {reader.Index})",
            ImmediateKind.TwoIndices or ImmediateKind.DataSegment => $" {reader.Index}",
            _ => "",
        };
        return row.Name + immediates;
    }

    private static string MemoryArgument(in InstructionReader reader) =>
        reader.MemoryOffset == 0 ? "" : $" offset={reader.MemoryOffset}";

    private static string Targets(in InstructionReader reader)
    {
        List<string> shown = [];
        BranchTargets targets = reader.Targets;
        while (shown.Count < TargetsShown && targets.MoveNext())
        {
            shown.Add($"{targets.Current}");
        }

        string rest = reader.Index >= TargetsShown ? $" … ({reader.Index + 1})" : "";
        return $" {string.Join(' ', shown)}{rest}";
    }
}
