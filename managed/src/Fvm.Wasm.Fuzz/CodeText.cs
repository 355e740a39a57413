using System.Globalization;

namespace Fvm.Wasm.Fuzz;

/// <summary>
/// Assembles instructions from a flat form of the text format, without parentheses: <c>local.get 0 i32.const -1 i32.add</c>. A block has
/// its result type as a letter after a colon (<c>if:i</c>), a memory instruction an optional constant offset, <c>br_table</c> its labels
/// with the default last, <c>call_indirect</c> its type index.
/// </summary>
internal static class CodeText
{
    private static readonly Dictionary<string, OpcodeInfo> ByName = Opcodes.All.ToDictionary(info => info.Name);

    /// <summary>Assembles; the final <c>end</c> is left to the caller.</summary>
    /// <exception cref="FormatException">A word is neither an instruction nor an expected number.</exception>
    public static byte[] Assemble(string text)
    {
        WasmWriter writer = new();
        string[] words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        for (int i = 0; i < words.Length;)
        {
            string[] parts = words[i++].Split(':');
            if (!ByName.TryGetValue(parts[0], out OpcodeInfo? info))
            {
                throw new FormatException($"'{parts[0]}' is no instruction");
            }

            int start = i;
            while (i < words.Length && !ByName.ContainsKey(words[i].Split(':')[0]))
            {
                i++;
            }

            Write(writer, info, parts.Length > 1 ? parts[1][0] : ' ', words.AsSpan(start, i - start));
        }

        return writer.Written.ToArray();
    }

    private static void Write(WasmWriter writer, OpcodeInfo info, char blockType, ReadOnlySpan<string> numbers)
    {
        int code = (int)info.Opcode;
        if (code > 0xff)
        {
            writer.Byte(code >> 8);
        }

        writer.Byte(code);
        switch (info.Immediates)
        {
            case ImmediateKind.Block:
                writer.Byte(blockType == ' ' ? (int)ValueKind.Empty : (int)OpcodeInfo.TypeOf(blockType));
                break;
            case ImmediateKind.Index:
                writer.U32(uint.Parse(numbers[0], CultureInfo.InvariantCulture));
                break;
            case ImmediateKind.BranchTable:
                writer.Count(numbers.Length - 1);
                foreach (string number in numbers)
                {
                    writer.U32(uint.Parse(number, CultureInfo.InvariantCulture));
                }

                break;
            case ImmediateKind.IndirectCall:
                writer.U32(uint.Parse(numbers[0], CultureInfo.InvariantCulture)).Byte(0);
                break;
            case ImmediateKind.Memory:
                writer.Byte(0).U32(numbers.IsEmpty ? 0 : uint.Parse(numbers[0], CultureInfo.InvariantCulture));
                break;
            case ImmediateKind.MemoryIndex:
                writer.Byte(0);
                break;
            case ImmediateKind.TwoIndices or ImmediateKind.DataSegment or ImmediateKind.TwoMemories:
                writer.U32(numbers.Length > 0 ? uint.Parse(numbers[0], CultureInfo.InvariantCulture) : 0).Byte(0);
                break;
            case ImmediateKind.HeapType:
                writer.Byte((int)ValueKind.FuncRef);
                break;
            case ImmediateKind.I32:
            case ImmediateKind.I64:
                writer.Signed(long.Parse(numbers[0], CultureInfo.InvariantCulture));
                break;
            case ImmediateKind.F32:
                writer.Fixed(BitConverter.SingleToUInt32Bits(float.Parse(numbers[0], CultureInfo.InvariantCulture)), 4);
                break;
            case ImmediateKind.F64:
                writer.Fixed(BitConverter.DoubleToUInt64Bits(double.Parse(numbers[0], CultureInfo.InvariantCulture)), 8);
                break;
        }
    }
}
