namespace Fvm.Wasm;

/// <summary>Negation of integer comparisons, and their fusion with jumps.</summary>
internal static class Comparisons
{
    /// <summary>
    /// The negation of an integer comparison; <see cref="IrOp.Trap"/> for any other operation.
    /// </summary>
    public static IrOp Opposite(IrOp op) => op switch
    {
        IrOp.F32Eq => IrOp.F32Ne,
        IrOp.F32Ne => IrOp.F32Eq,
        IrOp.F64Eq => IrOp.F64Ne,
        IrOp.F64Ne => IrOp.F64Eq,
        >= IrOp.I32Eq and <= IrOp.I32GeU => IrOp.I32Eq + (ushort)OppositeOrdinal(op - IrOp.I32Eq),
        >= IrOp.I64Eq and <= IrOp.I64GeU => IrOp.I64Eq + (ushort)OppositeOrdinal(op - IrOp.I64Eq),
        >= IrOp.I32EqSmall and <= IrOp.I32GeUSmall => IrOp.I32EqSmall + (ushort)OppositeOrdinal(op - IrOp.I32EqSmall),
        >= IrOp.I64EqSmall and <= IrOp.I64GeUSmall => IrOp.I64EqSmall + (ushort)OppositeOrdinal(op - IrOp.I64EqSmall),
        _ => IrOp.Trap,
    };

    /// <summary>
    /// The fused jump on an integer comparison, taken if its result is <paramref name="when"/>; <see cref="IrOp.Trap"/> if there is none.
    /// </summary>
    public static IrOp Jump(IrOp op, bool when) => (when ? op : Opposite(op)) switch
    {
        >= IrOp.I32Eq and <= IrOp.I32GeU and IrOp compared => IrOp.JumpI32Eq + (ushort)(compared - IrOp.I32Eq),
        >= IrOp.I64Eq and <= IrOp.I64GeU and IrOp compared => IrOp.JumpI64Eq + (ushort)(compared - IrOp.I64Eq),
        >= IrOp.I32EqSmall and <= IrOp.I32GeUSmall and IrOp compared => IrOp.JumpI32EqConstant + (ushort)(compared - IrOp.I32EqSmall),
        >= IrOp.I64EqSmall and <= IrOp.I64GeUSmall and IrOp compared => IrOp.JumpI64EqConstant + (ushort)(compared - IrOp.I64EqSmall),
        _ => IrOp.Trap,
    };

    /// <summary>The equivalent comparison with exchanged operands.</summary>
    /// <param name="ordinal">Its place in eq, ne, lt_s, lt_u, gt_s, gt_u, le_s, le_u, ge_s, ge_u; so is the result.</param>
    public static int Exchanged(int ordinal) => ExchangedOrdinals[ordinal];

    private static ReadOnlySpan<byte> OppositeOrdinals => [1, 0, 8, 9, 6, 7, 4, 5, 2, 3];

    private static ReadOnlySpan<byte> ExchangedOrdinals => [0, 1, 4, 5, 2, 3, 8, 9, 6, 7];

    private static int OppositeOrdinal(int ordinal) => OppositeOrdinals[ordinal];
}
