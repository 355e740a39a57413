namespace Fvm.Wasm;

/// <summary>The columns of an <see cref="OpcodeInfo"/> needed per decoded instruction, in compact form.</summary>
/// <param name="Immediates">The form of the immediates.</param>
/// <param name="Family">The family.</param>
/// <param name="Width">Bits of the memory access or of each numeric operand; otherwise 0.</param>
/// <param name="Reads">State read.</param>
/// <param name="Writes">State written.</param>
/// <param name="Flags">Properties.</param>
/// <param name="Pops">Operands popped.</param>
/// <param name="Pushes">Operands pushed, 0 or 1.</param>
/// <param name="Top">Type of the topmost operand; <see cref="ValueKind.Empty"/> for none or any.</param>
/// <param name="Second">Type of the operand below.</param>
/// <param name="Third">Type of the operand below that.</param>
/// <param name="Result">Type of the result.</param>
/// <param name="Short">The form of the immediates, if they are short.</param>
internal readonly record struct OpcodeTraits(
    ImmediateKind Immediates, OpcodeFamily Family, byte Width, OpcodeState Reads, OpcodeState Writes, OpcodeFlags Flags, byte Pops, byte Pushes,
    ValueKind Top, ValueKind Second, ValueKind Third, ValueKind Result, ShortImmediates Short)
{
    /// <summary>Of an instruction outside the feature set.</summary>
    public static OpcodeTraits None { get; } = new() { Short = ShortImmediates.Of(ImmediateKind.Unknown) };

    /// <summary>Bytes of the memory access or of each numeric operand.</summary>
    public int Bytes => Width >> 3;

    public bool IsWide => Width == 64;

    /// <summary>State read or written.</summary>
    public OpcodeState Touches => Reads | Writes;

    public static OpcodeTraits Of(OpcodeInfo row) => new(
        row.Immediates, row.Family, row.Width, row.Reads, row.Writes, row.Flags, (byte)row.Pops.Length, (byte)row.Pushes.Length,
        OperandOf(row.Pops, 1), OperandOf(row.Pops, 2), OperandOf(row.Pops, 3), OperandOf(row.Pushes, 1),
        ShortImmediates.Of(row.Immediates));

    public bool Has(OpcodeFlags flag) => (Flags & flag) != 0;

    private static ValueKind OperandOf(string letters, int fromTop) =>
        letters.Length < fromTop ? ValueKind.Empty : OpcodeInfo.TypeOf(letters[^fromTop]);
}
