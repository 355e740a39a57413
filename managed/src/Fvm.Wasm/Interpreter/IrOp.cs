namespace Fvm.Wasm;

/// <summary>
/// The operations of the internal code. Loads, stores and numeric operations have the numbers of their Wasm instructions, with slots for
/// operands: result A; operands B and C; a load's address B and offset C; a store's address A, value B, offset C.
/// The numbers are dense, for the sake of the interpreter's jump table.
/// </summary>
internal enum IrOp : ushort
{
    /// <summary>Ends with the trap in Wide.</summary>
    Trap = 0x00,

    /// <summary>GasLeft -= Wide (unsigned).</summary>
    Charge = 0x01,

    /// <summary>GasLeft -= further word.</summary>
    ChargeLong = 0x02,

    /// <summary>GasLeft -= low half of slot A times Wide (unsigned).</summary>
    ChargeLinear = 0x03,

    /// <summary>Jumps by Wide words.</summary>
    Jump = 0x04,

    /// <summary>Jumps by Wide words if the i32 in slot A is not zero.</summary>
    JumpIf = 0x05,

    /// <summary>Jumps if the i32 in slot A is zero.</summary>
    JumpIfNot = 0x06,

    /// <summary>Jumps if the i64 in slot A is not zero.</summary>
    JumpIf64 = 0x07,

    /// <summary>Jumps if the i64 in slot A is zero.</summary>
    JumpIfNot64 = 0x08,

    /// <summary>Slot A selects one of Wide + 1 further words, the last as the default.</summary>
    BranchTable = 0x09,

    /// <summary>Returns without a result.</summary>
    Return = 0x0a,

    /// <summary>Returns slot A.</summary>
    ReturnValue = 0x0b,

    /// <summary>Returns a further word.</summary>
    ReturnConstant = 0x0c,

    /// <summary>Calls defined function Wide with arguments from slot A.</summary>
    Call = 0x0d,

    /// <summary>Calls import Wide with arguments from slot A.</summary>
    CallHost = 0x0e,

    /// <summary>Calls element B of the table with arguments from slot A; further word: type.</summary>
    CallIndirect = 0x0f,

    /// <summary>A = B.</summary>
    Copy = 0x10,

    /// <summary>A = Wide, zero-extended.</summary>
    Constant = 0x11,

    /// <summary>A = further word.</summary>
    ConstantLong = 0x12,

    /// <summary>A = further word's slot is not zero ? B : C.</summary>
    Select = 0x13,

    /// <summary>A = global Wide.</summary>
    GlobalGet = 0x14,

    /// <summary>Global Wide = A.</summary>
    GlobalSet = 0x15,

    /// <summary>A = pages.</summary>
    MemorySize = 0x16,

    /// <summary>A = grow by A.</summary>
    MemoryGrow = 0x17,

    /// <summary>A = element B.</summary>
    TableGet = 0x18,

    /// <summary>Element A = B.</summary>
    TableSet = 0x19,

    /// <summary>Slots A, A + 1, A + 2: to, from, count; Wide: segment. From here on in the order of the instructions behind the prefix.</summary>
    MemoryInit = 0x1a,

    /// <summary>Wide: segment.</summary>
    DataDrop = 0x1b,

    /// <summary>Slots from A.</summary>
    MemoryCopy = 0x1c,

    /// <summary>Slots from A.</summary>
    MemoryFill = 0x1d,

    /// <summary>Slots from A; Wide: segment.</summary>
    TableInit = 0x1e,

    /// <summary>Wide: segment.</summary>
    ElementDrop = 0x1f,

    /// <summary>Slots from A.</summary>
    TableCopy = 0x20,

    /// <summary>A = grow by slot A + 1 elements that are A.</summary>
    TableGrow = 0x21,

    /// <summary>A = elements.</summary>
    TableSize = 0x22,

    /// <summary>Slots from A: at, element, count.</summary>
    TableFill = 0x23,

    I32Load = 0x28,
    I64Load = 0x29,
    F32Load = 0x2a,
    F64Load = 0x2b,
    I32Load8S = 0x2c,
    I32Load8U = 0x2d,
    I32Load16S = 0x2e,
    I32Load16U = 0x2f,
    I64Load8S = 0x30,
    I64Load8U = 0x31,
    I64Load16S = 0x32,
    I64Load16U = 0x33,
    I64Load32S = 0x34,
    I64Load32U = 0x35,
    I32Store = 0x36,
    I64Store = 0x37,
    F32Store = 0x38,
    F64Store = 0x39,
    I32Store8 = 0x3a,
    I32Store16 = 0x3b,
    I64Store8 = 0x3c,
    I64Store16 = 0x3d,
    I64Store32 = 0x3e,
    I32Eqz = 0x45,
    I32Eq = 0x46,
    I32Ne = 0x47,
    I32LtS = 0x48,
    I32LtU = 0x49,
    I32GtS = 0x4a,
    I32GtU = 0x4b,
    I32LeS = 0x4c,
    I32LeU = 0x4d,
    I32GeS = 0x4e,
    I32GeU = 0x4f,
    I64Eqz = 0x50,
    I64Eq = 0x51,
    I64Ne = 0x52,
    I64LtS = 0x53,
    I64LtU = 0x54,
    I64GtS = 0x55,
    I64GtU = 0x56,
    I64LeS = 0x57,
    I64LeU = 0x58,
    I64GeS = 0x59,
    I64GeU = 0x5a,
    F32Eq = 0x5b,
    F32Ne = 0x5c,
    F32Lt = 0x5d,
    F32Gt = 0x5e,
    F32Le = 0x5f,
    F32Ge = 0x60,
    F64Eq = 0x61,
    F64Ne = 0x62,
    F64Lt = 0x63,
    F64Gt = 0x64,
    F64Le = 0x65,
    F64Ge = 0x66,
    I32Clz = 0x67,
    I32Ctz = 0x68,
    I32Popcnt = 0x69,
    I32Add = 0x6a,
    I32Sub = 0x6b,
    I32Mul = 0x6c,
    I32DivS = 0x6d,
    I32DivU = 0x6e,
    I32RemS = 0x6f,
    I32RemU = 0x70,
    I32And = 0x71,
    I32Or = 0x72,
    I32Xor = 0x73,
    I32Shl = 0x74,
    I32ShrS = 0x75,
    I32ShrU = 0x76,
    I32Rotl = 0x77,
    I32Rotr = 0x78,
    I64Clz = 0x79,
    I64Ctz = 0x7a,
    I64Popcnt = 0x7b,
    I64Add = 0x7c,
    I64Sub = 0x7d,
    I64Mul = 0x7e,
    I64DivS = 0x7f,
    I64DivU = 0x80,
    I64RemS = 0x81,
    I64RemU = 0x82,
    I64And = 0x83,
    I64Or = 0x84,
    I64Xor = 0x85,
    I64Shl = 0x86,
    I64ShrS = 0x87,
    I64ShrU = 0x88,
    I64Rotl = 0x89,
    I64Rotr = 0x8a,
    F32Abs = 0x8b,
    F32Neg = 0x8c,
    F32Ceil = 0x8d,
    F32Floor = 0x8e,
    F32Trunc = 0x8f,
    F32Nearest = 0x90,
    F32Sqrt = 0x91,
    F32Add = 0x92,
    F32Sub = 0x93,
    F32Mul = 0x94,
    F32Div = 0x95,
    F32Min = 0x96,
    F32Max = 0x97,
    F32Copysign = 0x98,
    F64Abs = 0x99,
    F64Neg = 0x9a,
    F64Ceil = 0x9b,
    F64Floor = 0x9c,
    F64Trunc = 0x9d,
    F64Nearest = 0x9e,
    F64Sqrt = 0x9f,
    F64Add = 0xa0,
    F64Sub = 0xa1,
    F64Mul = 0xa2,
    F64Div = 0xa3,
    F64Min = 0xa4,
    F64Max = 0xa5,
    F64Copysign = 0xa6,
    I32WrapI64 = 0xa7,
    I32TruncF32S = 0xa8,
    I32TruncF32U = 0xa9,
    I32TruncF64S = 0xaa,
    I32TruncF64U = 0xab,
    I64ExtendI32S = 0xac,
    I64ExtendI32U = 0xad,
    I64TruncF32S = 0xae,
    I64TruncF32U = 0xaf,
    I64TruncF64S = 0xb0,
    I64TruncF64U = 0xb1,
    F32ConvertI32S = 0xb2,
    F32ConvertI32U = 0xb3,
    F32ConvertI64S = 0xb4,
    F32ConvertI64U = 0xb5,
    F32DemoteF64 = 0xb6,
    F64ConvertI32S = 0xb7,
    F64ConvertI32U = 0xb8,
    F64ConvertI64S = 0xb9,
    F64ConvertI64U = 0xba,
    F64PromoteF32 = 0xbb,
    I32ReinterpretF32 = 0xbc,
    I64ReinterpretF64 = 0xbd,
    F32ReinterpretI32 = 0xbe,
    F64ReinterpretI64 = 0xbf,
    I32Extend8S = 0xc0,
    I32Extend16S = 0xc1,
    I64Extend8S = 0xc2,
    I64Extend16S = 0xc3,
    I64Extend32S = 0xc4,

    // From here on the numbers only have to be dense, and in groups in the order of the opcodes.
    I32TruncSatF32S,
    I32TruncSatF32U,
    I32TruncSatF64S,
    I32TruncSatF64U,
    I64TruncSatF32S,
    I64TruncSatF32U,
    I64TruncSatF64S,
    I64TruncSatF64U,

    // A = B op the signed 16-bit constant C (shifts and rotations: its low bits).
    I32AddSmall,
    I32MulSmall,
    I32AndSmall,
    I32OrSmall,
    I32XorSmall,
    I32ShlSmall,
    I32ShrSSmall,
    I32ShrUSmall,
    I32RotlSmall,
    I32EqSmall,
    I32NeSmall,
    I32LtSSmall,
    I32LtUSmall,
    I32GtSSmall,
    I32GtUSmall,
    I32LeSSmall,
    I32LeUSmall,
    I32GeSSmall,
    I32GeUSmall,
    I64AddSmall,
    I64MulSmall,
    I64AndSmall,
    I64OrSmall,
    I64XorSmall,
    I64ShlSmall,
    I64ShrSSmall,
    I64ShrUSmall,
    I64RotlSmall,
    I64EqSmall,
    I64NeSmall,
    I64LtSSmall,
    I64LtUSmall,
    I64GtSSmall,
    I64GtUSmall,
    I64LeSSmall,
    I64LeUSmall,
    I64GeSSmall,
    I64GeUSmall,

    // Compare A with B; further word: distance.
    JumpI32Eq,
    JumpI32Ne,
    JumpI32LtS,
    JumpI32LtU,
    JumpI32GtS,
    JumpI32GtU,
    JumpI32LeS,
    JumpI32LeU,
    JumpI32GeS,
    JumpI32GeU,
    JumpI64Eq,
    JumpI64Ne,
    JumpI64LtS,
    JumpI64LtU,
    JumpI64GtS,
    JumpI64GtU,
    JumpI64LeS,
    JumpI64LeU,
    JumpI64GeS,
    JumpI64GeU,

    // Compare A with a constant, sign-extended for i64; further word: distance and constant.
    JumpI32EqConstant,
    JumpI32NeConstant,
    JumpI32LtSConstant,
    JumpI32LtUConstant,
    JumpI32GtSConstant,
    JumpI32GtUConstant,
    JumpI32LeSConstant,
    JumpI32LeUConstant,
    JumpI32GeSConstant,
    JumpI32GeUConstant,
    JumpI64EqConstant,
    JumpI64NeConstant,
    JumpI64LtSConstant,
    JumpI64LtUConstant,
    JumpI64GtSConstant,
    JumpI64GtUConstant,
    JumpI64LeSConstant,
    JumpI64LeUConstant,
    JumpI64GeSConstant,
    JumpI64GeUConstant,
}
