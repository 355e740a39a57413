namespace Fvm.MachineCode;

/// <summary>
/// AVX-512 instructions on elements of 64 bits. The values are, from the lowest byte up: opcode, opcode map (1 for 0f, 2 for 0f38, 3 for 0f3a),
/// mandatory prefix, extension of the opcode.
/// </summary>
internal enum VectorOperation
{
    Load = 0x66_01_10,
    Store = 0x66_01_11,
    Broadcast = 0x66_02_59,
    InsertHalf = 0x66_03_1a,
    ExtractHalf = 0x66_03_1b,
    DuplicateEven = 0xf2_01_12,
    Permute = 0x66_03_05,

    /// <summary>The even elements of both operands, alternately.</summary>
    UnpackLow = 0x66_01_6c,

    /// <summary>The odd elements of both operands, alternately.</summary>
    UnpackHigh = 0x66_01_6d,

    /// <summary>Two quarters of the first operand, then two of the last, by the constant; of vectors of 32 bytes, one half of each.</summary>
    SelectQuarters = 0x66_03_43,
    Add = 0x66_01_d4,
    And = 0x66_01_db,
    AndNot = 0x66_01_df,
    Xor = 0x66_01_ef,

    /// <summary>The bitwise function of three operands whose table is the constant.</summary>
    Logic = 0x66_03_25,

    /// <summary>Adds the lower 52 bits of a product of 52-bit numbers.</summary>
    MultiplyAddLow = 0x66_02_b4,

    /// <summary>Adds the upper 52 bits of a product of 52-bit numbers.</summary>
    MultiplyAddHigh = 0x66_02_b5,
    AddDouble = 0x66_01_58,
    SubtractDouble = 0x66_01_5c,

    /// <summary>The result times the first operand, plus the last.</summary>
    MultiplyAddDouble = 0x66_02_a8,
    ShiftLeft = 0x06_66_01_73,
    ShiftRight = 0x02_66_01_73,
    ShiftRightSigned = 0x04_66_01_72,
    RotateRight = 0x66_01_72,
    RotateLeft = 0x01_66_01_72,

    /// <summary>Rotates each element of the first operand left by that of the last.</summary>
    RotateLeftBy = 0x66_02_15,

    /// <summary>The elements of the last operand whose numbers are in the first.</summary>
    PermuteBy = 0x66_02_36,

    /// <summary>The elements of result (0 to 7) and last operand (8 to 15) whose numbers are in the first operand.</summary>
    PermuteTwoBy = 0x66_02_7e,
}
