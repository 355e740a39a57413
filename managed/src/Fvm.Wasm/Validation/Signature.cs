using Fvm.Wasm.Module;

namespace Fvm.Wasm.Validation;

/// <summary>Operand types of an instruction that takes one or two operands and gives one, from the rows of <see cref="Opcodes"/>.</summary>
/// <param name="First">The deeper operand, or <see cref="ValueKind.Empty"/> where there is one only.</param>
/// <param name="Last">The operand on top of the stack, or <see cref="ValueKind.Empty"/>.</param>
/// <param name="Result">What it pushes, or <see cref="ValueKind.Empty"/>.</param>
internal readonly record struct Signature(ValueKind First, ValueKind Last, ValueKind Result)
{
    private const int PrefixedStart = 0x100;

    private static readonly Signature[] Table = Build();

    public static Signature Of(Opcode opcode) => Table[(int)opcode < PrefixedStart ? (int)opcode : PrefixedStart + ((int)opcode & 0xff)];

    private static Signature[] Build()
    {
        Signature[] table = new Signature[PrefixedStart + 0x100];
        foreach (OpcodeInfo row in Opcodes.All)
        {
            int code = (int)row.Opcode;
            table[code < PrefixedStart ? code : PrefixedStart + (code & 0xff)] = new Signature(
                row.Pops.Length == 2 ? OpcodeInfo.TypeOf(row.Pops[0]) : ValueKind.Empty,
                row.Pops.Length > 0 ? OpcodeInfo.TypeOf(row.Pops[^1]) : ValueKind.Empty,
                row.Pushes.Length > 0 ? OpcodeInfo.TypeOf(row.Pushes[0]) : ValueKind.Empty);
        }

        return table;
    }
}
