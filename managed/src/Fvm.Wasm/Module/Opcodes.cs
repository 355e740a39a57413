namespace Fvm.Wasm.Module;

/// <summary>The instructions of the feature set: one row each.</summary>
public static class Opcodes
{
    /// <summary>The first byte of an instruction whose number follows in LEB128.</summary>
    public const byte Prefix = 0xfc;

    private const int PrefixedStart = 0xd3;
    private const int PrefixedCount = 18;

    private static readonly OpcodeInfo?[] Table = Build();
    private static readonly ImmediateKind[] Immediates = Array.ConvertAll(Table, static row => row?.Immediates ?? ImmediateKind.Unknown);

    /// <summary>All rows, in the order of the binary format.</summary>
    public static IReadOnlyList<OpcodeInfo> All { get; } = Array.FindAll(Table, static row => row is not null)!;

    /// <summary>The row of an instruction; null where the feature set has none.</summary>
    public static OpcodeInfo? Find(Opcode opcode)
    {
        int index = IndexOf(opcode);
        return index < 0 ? null : Table[index];
    }

    /// <summary>The row of an instruction that a validated module holds.</summary>
    public static OpcodeInfo Of(Opcode opcode) => Table[IndexOf(opcode)]!;

    /// <summary>The form of an instruction's immediates; <see cref="ImmediateKind.Unknown"/> where the feature set has no such instruction.</summary>
    internal static ImmediateKind ImmediatesOf(Opcode opcode)
    {
        int index = IndexOf(opcode);
        return index < 0 ? ImmediateKind.Unknown : Immediates[index];
    }

    private static int IndexOf(Opcode opcode)
    {
        int code = (int)opcode;
        if (code < PrefixedStart)
        {
            return code;
        }

        int prefixed = code - (Prefix << 8);
        return (uint)prefixed < PrefixedCount ? PrefixedStart + prefixed : -1;
    }

    private static OpcodeInfo?[] Build()
    {
        OpcodeInfo?[] table = new OpcodeInfo?[PrefixedStart + PrefixedCount];

        void Row(Opcode opcode, string name, ImmediateKind immediates, string pops, string pushes, MeteringClass metering) =>
            table[IndexOf(opcode)] = new OpcodeInfo(opcode, name, immediates, pops, pushes, metering);

        // Operands: i = i32, I = i64, f = f32, F = f64, r = funcref, * = any one type (resolved by the validator). Operands
        // that depend on a label or a signature (branches, calls, blocks) are not listed.
        // Metering classes: the reference's gas/price_list.rs, rules of WasmGasPrices.
#pragma warning disable format
        //  opcode                    name                   immediates                  pops   pushes metering
        Row(Opcode.Unreachable,       "unreachable",         ImmediateKind.None,         "",    "",    MeteringClass.Free);
        Row(Opcode.Nop,               "nop",                 ImmediateKind.None,         "",    "",    MeteringClass.Free);
        Row(Opcode.Block,             "block",               ImmediateKind.Block,        "",    "",    MeteringClass.Free);
        Row(Opcode.Loop,              "loop",                ImmediateKind.Block,        "",    "",    MeteringClass.Free);
        Row(Opcode.If,                "if",                  ImmediateKind.Block,        "i",   "",    MeteringClass.ConditionalJump);
        Row(Opcode.Else,              "else",                ImmediateKind.None,         "",    "",    MeteringClass.Free);
        Row(Opcode.End,               "end",                 ImmediateKind.None,         "",    "",    MeteringClass.Free);
        Row(Opcode.Br,                "br",                  ImmediateKind.Index,        "",    "",    MeteringClass.Jump);
        Row(Opcode.BrIf,              "br_if",               ImmediateKind.Index,        "i",   "",    MeteringClass.ConditionalJump);
        Row(Opcode.BrTable,           "br_table",            ImmediateKind.BranchTable,  "i",   "",    MeteringClass.IndirectJump);
        Row(Opcode.Return,            "return",              ImmediateKind.None,         "",    "",    MeteringClass.Free);
        Row(Opcode.Call,              "call",                ImmediateKind.Index,        "",    "",    MeteringClass.Call);
        Row(Opcode.CallIndirect,      "call_indirect",       ImmediateKind.IndirectCall, "i",   "",    MeteringClass.IndirectCall);
        Row(Opcode.Drop,              "drop",                ImmediateKind.None,         "*",   "",    MeteringClass.Free);
        Row(Opcode.Select,            "select",              ImmediateKind.None,         "**i", "*",   MeteringClass.Default);
        Row(Opcode.LocalGet,          "local.get",           ImmediateKind.Index,        "",    "*",   MeteringClass.Default);
        Row(Opcode.LocalSet,          "local.set",           ImmediateKind.Index,        "*",   "",    MeteringClass.Default);
        Row(Opcode.LocalTee,          "local.tee",           ImmediateKind.Index,        "*",   "*",   MeteringClass.Default);
        Row(Opcode.GlobalGet,         "global.get",          ImmediateKind.Index,        "",    "*",   MeteringClass.Default);
        Row(Opcode.GlobalSet,         "global.set",          ImmediateKind.Index,        "*",   "",    MeteringClass.Default);
        Row(Opcode.TableGet,          "table.get",           ImmediateKind.Index,        "i",   "r",   MeteringClass.Load);
        Row(Opcode.TableSet,          "table.set",           ImmediateKind.Index,        "ir",  "",    MeteringClass.Store);
        Row(Opcode.I32Load,           "i32.load",            ImmediateKind.Memory,       "i",   "i",   MeteringClass.Load);
        Row(Opcode.I64Load,           "i64.load",            ImmediateKind.Memory,       "i",   "I",   MeteringClass.Load);
        Row(Opcode.F32Load,           "f32.load",            ImmediateKind.Memory,       "i",   "f",   MeteringClass.Load);
        Row(Opcode.F64Load,           "f64.load",            ImmediateKind.Memory,       "i",   "F",   MeteringClass.Load);
        Row(Opcode.I32Load8S,         "i32.load8_s",         ImmediateKind.Memory,       "i",   "i",   MeteringClass.Load);
        Row(Opcode.I32Load8U,         "i32.load8_u",         ImmediateKind.Memory,       "i",   "i",   MeteringClass.Load);
        Row(Opcode.I32Load16S,        "i32.load16_s",        ImmediateKind.Memory,       "i",   "i",   MeteringClass.Load);
        Row(Opcode.I32Load16U,        "i32.load16_u",        ImmediateKind.Memory,       "i",   "i",   MeteringClass.Load);
        Row(Opcode.I64Load8S,         "i64.load8_s",         ImmediateKind.Memory,       "i",   "I",   MeteringClass.Load);
        Row(Opcode.I64Load8U,         "i64.load8_u",         ImmediateKind.Memory,       "i",   "I",   MeteringClass.Load);
        Row(Opcode.I64Load16S,        "i64.load16_s",        ImmediateKind.Memory,       "i",   "I",   MeteringClass.Load);
        Row(Opcode.I64Load16U,        "i64.load16_u",        ImmediateKind.Memory,       "i",   "I",   MeteringClass.Load);
        Row(Opcode.I64Load32S,        "i64.load32_s",        ImmediateKind.Memory,       "i",   "I",   MeteringClass.Load);
        Row(Opcode.I64Load32U,        "i64.load32_u",        ImmediateKind.Memory,       "i",   "I",   MeteringClass.Load);
        Row(Opcode.I32Store,          "i32.store",           ImmediateKind.Memory,       "ii",  "",    MeteringClass.Store);
        Row(Opcode.I64Store,          "i64.store",           ImmediateKind.Memory,       "iI",  "",    MeteringClass.Store);
        Row(Opcode.F32Store,          "f32.store",           ImmediateKind.Memory,       "if",  "",    MeteringClass.Store);
        Row(Opcode.F64Store,          "f64.store",           ImmediateKind.Memory,       "iF",  "",    MeteringClass.Store);
        Row(Opcode.I32Store8,         "i32.store8",          ImmediateKind.Memory,       "ii",  "",    MeteringClass.Store);
        Row(Opcode.I32Store16,        "i32.store16",         ImmediateKind.Memory,       "ii",  "",    MeteringClass.Store);
        Row(Opcode.I64Store8,         "i64.store8",          ImmediateKind.Memory,       "iI",  "",    MeteringClass.Store);
        Row(Opcode.I64Store16,        "i64.store16",         ImmediateKind.Memory,       "iI",  "",    MeteringClass.Store);
        Row(Opcode.I64Store32,        "i64.store32",         ImmediateKind.Memory,       "iI",  "",    MeteringClass.Store);
        Row(Opcode.MemorySize,        "memory.size",         ImmediateKind.MemoryIndex,  "",    "i",   MeteringClass.Default);
        Row(Opcode.MemoryGrow,        "memory.grow",         ImmediateKind.MemoryIndex,  "i",   "i",   MeteringClass.MemoryGrow);
        Row(Opcode.I32Const,          "i32.const",           ImmediateKind.I32,          "",    "i",   MeteringClass.Default);
        Row(Opcode.I64Const,          "i64.const",           ImmediateKind.I64,          "",    "I",   MeteringClass.Default);
        Row(Opcode.F32Const,          "f32.const",           ImmediateKind.F32,          "",    "f",   MeteringClass.Default);
        Row(Opcode.F64Const,          "f64.const",           ImmediateKind.F64,          "",    "F",   MeteringClass.Default);
        Row(Opcode.I32Eqz,            "i32.eqz",             ImmediateKind.None,         "i",   "i",   MeteringClass.Math);
        Row(Opcode.I32Eq,             "i32.eq",              ImmediateKind.None,         "ii",  "i",   MeteringClass.Math);
        Row(Opcode.I32Ne,             "i32.ne",              ImmediateKind.None,         "ii",  "i",   MeteringClass.Math);
        Row(Opcode.I32LtS,            "i32.lt_s",            ImmediateKind.None,         "ii",  "i",   MeteringClass.Math);
        Row(Opcode.I32LtU,            "i32.lt_u",            ImmediateKind.None,         "ii",  "i",   MeteringClass.Math);
        Row(Opcode.I32GtS,            "i32.gt_s",            ImmediateKind.None,         "ii",  "i",   MeteringClass.Math);
        Row(Opcode.I32GtU,            "i32.gt_u",            ImmediateKind.None,         "ii",  "i",   MeteringClass.Math);
        Row(Opcode.I32LeS,            "i32.le_s",            ImmediateKind.None,         "ii",  "i",   MeteringClass.Math);
        Row(Opcode.I32LeU,            "i32.le_u",            ImmediateKind.None,         "ii",  "i",   MeteringClass.Math);
        Row(Opcode.I32GeS,            "i32.ge_s",            ImmediateKind.None,         "ii",  "i",   MeteringClass.Math);
        Row(Opcode.I32GeU,            "i32.ge_u",            ImmediateKind.None,         "ii",  "i",   MeteringClass.Math);
        Row(Opcode.I64Eqz,            "i64.eqz",             ImmediateKind.None,         "I",   "i",   MeteringClass.Math);
        Row(Opcode.I64Eq,             "i64.eq",              ImmediateKind.None,         "II",  "i",   MeteringClass.Math);
        Row(Opcode.I64Ne,             "i64.ne",              ImmediateKind.None,         "II",  "i",   MeteringClass.Math);
        Row(Opcode.I64LtS,            "i64.lt_s",            ImmediateKind.None,         "II",  "i",   MeteringClass.Math);
        Row(Opcode.I64LtU,            "i64.lt_u",            ImmediateKind.None,         "II",  "i",   MeteringClass.Math);
        Row(Opcode.I64GtS,            "i64.gt_s",            ImmediateKind.None,         "II",  "i",   MeteringClass.Math);
        Row(Opcode.I64GtU,            "i64.gt_u",            ImmediateKind.None,         "II",  "i",   MeteringClass.Math);
        Row(Opcode.I64LeS,            "i64.le_s",            ImmediateKind.None,         "II",  "i",   MeteringClass.Math);
        Row(Opcode.I64LeU,            "i64.le_u",            ImmediateKind.None,         "II",  "i",   MeteringClass.Math);
        Row(Opcode.I64GeS,            "i64.ge_s",            ImmediateKind.None,         "II",  "i",   MeteringClass.Math);
        Row(Opcode.I64GeU,            "i64.ge_u",            ImmediateKind.None,         "II",  "i",   MeteringClass.Math);
        Row(Opcode.F32Eq,             "f32.eq",              ImmediateKind.None,         "ff",  "i",   MeteringClass.Math);
        Row(Opcode.F32Ne,             "f32.ne",              ImmediateKind.None,         "ff",  "i",   MeteringClass.Math);
        Row(Opcode.F32Lt,             "f32.lt",              ImmediateKind.None,         "ff",  "i",   MeteringClass.Math);
        Row(Opcode.F32Gt,             "f32.gt",              ImmediateKind.None,         "ff",  "i",   MeteringClass.Math);
        Row(Opcode.F32Le,             "f32.le",              ImmediateKind.None,         "ff",  "i",   MeteringClass.Math);
        Row(Opcode.F32Ge,             "f32.ge",              ImmediateKind.None,         "ff",  "i",   MeteringClass.Math);
        Row(Opcode.F64Eq,             "f64.eq",              ImmediateKind.None,         "FF",  "i",   MeteringClass.Math);
        Row(Opcode.F64Ne,             "f64.ne",              ImmediateKind.None,         "FF",  "i",   MeteringClass.Math);
        Row(Opcode.F64Lt,             "f64.lt",              ImmediateKind.None,         "FF",  "i",   MeteringClass.Math);
        Row(Opcode.F64Gt,             "f64.gt",              ImmediateKind.None,         "FF",  "i",   MeteringClass.Math);
        Row(Opcode.F64Le,             "f64.le",              ImmediateKind.None,         "FF",  "i",   MeteringClass.Math);
        Row(Opcode.F64Ge,             "f64.ge",              ImmediateKind.None,         "FF",  "i",   MeteringClass.Math);
        Row(Opcode.I32Clz,            "i32.clz",             ImmediateKind.None,         "i",   "i",   MeteringClass.Math);
        Row(Opcode.I32Ctz,            "i32.ctz",             ImmediateKind.None,         "i",   "i",   MeteringClass.Math);
        Row(Opcode.I32Popcnt,         "i32.popcnt",          ImmediateKind.None,         "i",   "i",   MeteringClass.Math);
        Row(Opcode.I32Add,            "i32.add",             ImmediateKind.None,         "ii",  "i",   MeteringClass.Math);
        Row(Opcode.I32Sub,            "i32.sub",             ImmediateKind.None,         "ii",  "i",   MeteringClass.Math);
        Row(Opcode.I32Mul,            "i32.mul",             ImmediateKind.None,         "ii",  "i",   MeteringClass.Math);
        Row(Opcode.I32DivS,           "i32.div_s",           ImmediateKind.None,         "ii",  "i",   MeteringClass.Math);
        Row(Opcode.I32DivU,           "i32.div_u",           ImmediateKind.None,         "ii",  "i",   MeteringClass.Math);
        Row(Opcode.I32RemS,           "i32.rem_s",           ImmediateKind.None,         "ii",  "i",   MeteringClass.Math);
        Row(Opcode.I32RemU,           "i32.rem_u",           ImmediateKind.None,         "ii",  "i",   MeteringClass.Math);
        Row(Opcode.I32And,            "i32.and",             ImmediateKind.None,         "ii",  "i",   MeteringClass.Math);
        Row(Opcode.I32Or,             "i32.or",              ImmediateKind.None,         "ii",  "i",   MeteringClass.Math);
        Row(Opcode.I32Xor,            "i32.xor",             ImmediateKind.None,         "ii",  "i",   MeteringClass.Math);
        Row(Opcode.I32Shl,            "i32.shl",             ImmediateKind.None,         "ii",  "i",   MeteringClass.Math);
        Row(Opcode.I32ShrS,           "i32.shr_s",           ImmediateKind.None,         "ii",  "i",   MeteringClass.Math);
        Row(Opcode.I32ShrU,           "i32.shr_u",           ImmediateKind.None,         "ii",  "i",   MeteringClass.Math);
        Row(Opcode.I32Rotl,           "i32.rotl",            ImmediateKind.None,         "ii",  "i",   MeteringClass.Math);
        Row(Opcode.I32Rotr,           "i32.rotr",            ImmediateKind.None,         "ii",  "i",   MeteringClass.Math);
        Row(Opcode.I64Clz,            "i64.clz",             ImmediateKind.None,         "I",   "I",   MeteringClass.Math);
        Row(Opcode.I64Ctz,            "i64.ctz",             ImmediateKind.None,         "I",   "I",   MeteringClass.Math);
        Row(Opcode.I64Popcnt,         "i64.popcnt",          ImmediateKind.None,         "I",   "I",   MeteringClass.Math);
        Row(Opcode.I64Add,            "i64.add",             ImmediateKind.None,         "II",  "I",   MeteringClass.Math);
        Row(Opcode.I64Sub,            "i64.sub",             ImmediateKind.None,         "II",  "I",   MeteringClass.Math);
        Row(Opcode.I64Mul,            "i64.mul",             ImmediateKind.None,         "II",  "I",   MeteringClass.Math);
        Row(Opcode.I64DivS,           "i64.div_s",           ImmediateKind.None,         "II",  "I",   MeteringClass.Math);
        Row(Opcode.I64DivU,           "i64.div_u",           ImmediateKind.None,         "II",  "I",   MeteringClass.Math);
        Row(Opcode.I64RemS,           "i64.rem_s",           ImmediateKind.None,         "II",  "I",   MeteringClass.Math);
        Row(Opcode.I64RemU,           "i64.rem_u",           ImmediateKind.None,         "II",  "I",   MeteringClass.Math);
        Row(Opcode.I64And,            "i64.and",             ImmediateKind.None,         "II",  "I",   MeteringClass.Math);
        Row(Opcode.I64Or,             "i64.or",              ImmediateKind.None,         "II",  "I",   MeteringClass.Math);
        Row(Opcode.I64Xor,            "i64.xor",             ImmediateKind.None,         "II",  "I",   MeteringClass.Math);
        Row(Opcode.I64Shl,            "i64.shl",             ImmediateKind.None,         "II",  "I",   MeteringClass.Math);
        Row(Opcode.I64ShrS,           "i64.shr_s",           ImmediateKind.None,         "II",  "I",   MeteringClass.Math);
        Row(Opcode.I64ShrU,           "i64.shr_u",           ImmediateKind.None,         "II",  "I",   MeteringClass.Math);
        Row(Opcode.I64Rotl,           "i64.rotl",            ImmediateKind.None,         "II",  "I",   MeteringClass.Math);
        Row(Opcode.I64Rotr,           "i64.rotr",            ImmediateKind.None,         "II",  "I",   MeteringClass.Math);
        Row(Opcode.F32Abs,            "f32.abs",             ImmediateKind.None,         "f",   "f",   MeteringClass.Math);
        Row(Opcode.F32Neg,            "f32.neg",             ImmediateKind.None,         "f",   "f",   MeteringClass.Math);
        Row(Opcode.F32Ceil,           "f32.ceil",            ImmediateKind.None,         "f",   "f",   MeteringClass.Math);
        Row(Opcode.F32Floor,          "f32.floor",           ImmediateKind.None,         "f",   "f",   MeteringClass.Math);
        Row(Opcode.F32Trunc,          "f32.trunc",           ImmediateKind.None,         "f",   "f",   MeteringClass.Math);
        Row(Opcode.F32Nearest,        "f32.nearest",         ImmediateKind.None,         "f",   "f",   MeteringClass.Math);
        Row(Opcode.F32Sqrt,           "f32.sqrt",            ImmediateKind.None,         "f",   "f",   MeteringClass.Math);
        Row(Opcode.F32Add,            "f32.add",             ImmediateKind.None,         "ff",  "f",   MeteringClass.Math);
        Row(Opcode.F32Sub,            "f32.sub",             ImmediateKind.None,         "ff",  "f",   MeteringClass.Math);
        Row(Opcode.F32Mul,            "f32.mul",             ImmediateKind.None,         "ff",  "f",   MeteringClass.Math);
        Row(Opcode.F32Div,            "f32.div",             ImmediateKind.None,         "ff",  "f",   MeteringClass.Math);
        Row(Opcode.F32Min,            "f32.min",             ImmediateKind.None,         "ff",  "f",   MeteringClass.Math);
        Row(Opcode.F32Max,            "f32.max",             ImmediateKind.None,         "ff",  "f",   MeteringClass.Math);
        Row(Opcode.F32Copysign,       "f32.copysign",        ImmediateKind.None,         "ff",  "f",   MeteringClass.Math);
        Row(Opcode.F64Abs,            "f64.abs",             ImmediateKind.None,         "F",   "F",   MeteringClass.Math);
        Row(Opcode.F64Neg,            "f64.neg",             ImmediateKind.None,         "F",   "F",   MeteringClass.Math);
        Row(Opcode.F64Ceil,           "f64.ceil",            ImmediateKind.None,         "F",   "F",   MeteringClass.Math);
        Row(Opcode.F64Floor,          "f64.floor",           ImmediateKind.None,         "F",   "F",   MeteringClass.Math);
        Row(Opcode.F64Trunc,          "f64.trunc",           ImmediateKind.None,         "F",   "F",   MeteringClass.Math);
        Row(Opcode.F64Nearest,        "f64.nearest",         ImmediateKind.None,         "F",   "F",   MeteringClass.Math);
        Row(Opcode.F64Sqrt,           "f64.sqrt",            ImmediateKind.None,         "F",   "F",   MeteringClass.Math);
        Row(Opcode.F64Add,            "f64.add",             ImmediateKind.None,         "FF",  "F",   MeteringClass.Math);
        Row(Opcode.F64Sub,            "f64.sub",             ImmediateKind.None,         "FF",  "F",   MeteringClass.Math);
        Row(Opcode.F64Mul,            "f64.mul",             ImmediateKind.None,         "FF",  "F",   MeteringClass.Math);
        Row(Opcode.F64Div,            "f64.div",             ImmediateKind.None,         "FF",  "F",   MeteringClass.Math);
        Row(Opcode.F64Min,            "f64.min",             ImmediateKind.None,         "FF",  "F",   MeteringClass.Math);
        Row(Opcode.F64Max,            "f64.max",             ImmediateKind.None,         "FF",  "F",   MeteringClass.Math);
        Row(Opcode.F64Copysign,       "f64.copysign",        ImmediateKind.None,         "FF",  "F",   MeteringClass.Math);
        Row(Opcode.I32WrapI64,        "i32.wrap_i64",        ImmediateKind.None,         "I",   "i",   MeteringClass.Default);
        Row(Opcode.I32TruncF32S,      "i32.trunc_f32_s",     ImmediateKind.None,         "f",   "i",   MeteringClass.Math);
        Row(Opcode.I32TruncF32U,      "i32.trunc_f32_u",     ImmediateKind.None,         "f",   "i",   MeteringClass.Math);
        Row(Opcode.I32TruncF64S,      "i32.trunc_f64_s",     ImmediateKind.None,         "F",   "i",   MeteringClass.Math);
        Row(Opcode.I32TruncF64U,      "i32.trunc_f64_u",     ImmediateKind.None,         "F",   "i",   MeteringClass.Math);
        Row(Opcode.I64ExtendI32S,     "i64.extend_i32_s",    ImmediateKind.None,         "i",   "I",   MeteringClass.Math);
        Row(Opcode.I64ExtendI32U,     "i64.extend_i32_u",    ImmediateKind.None,         "i",   "I",   MeteringClass.Default);
        Row(Opcode.I64TruncF32S,      "i64.trunc_f32_s",     ImmediateKind.None,         "f",   "I",   MeteringClass.Math);
        Row(Opcode.I64TruncF32U,      "i64.trunc_f32_u",     ImmediateKind.None,         "f",   "I",   MeteringClass.Math);
        Row(Opcode.I64TruncF64S,      "i64.trunc_f64_s",     ImmediateKind.None,         "F",   "I",   MeteringClass.Math);
        Row(Opcode.I64TruncF64U,      "i64.trunc_f64_u",     ImmediateKind.None,         "F",   "I",   MeteringClass.Math);
        Row(Opcode.F32ConvertI32S,    "f32.convert_i32_s",   ImmediateKind.None,         "i",   "f",   MeteringClass.Math);
        Row(Opcode.F32ConvertI32U,    "f32.convert_i32_u",   ImmediateKind.None,         "i",   "f",   MeteringClass.Math);
        Row(Opcode.F32ConvertI64S,    "f32.convert_i64_s",   ImmediateKind.None,         "I",   "f",   MeteringClass.Math);
        Row(Opcode.F32ConvertI64U,    "f32.convert_i64_u",   ImmediateKind.None,         "I",   "f",   MeteringClass.Math);
        Row(Opcode.F32DemoteF64,      "f32.demote_f64",      ImmediateKind.None,         "F",   "f",   MeteringClass.Math);
        Row(Opcode.F64ConvertI32S,    "f64.convert_i32_s",   ImmediateKind.None,         "i",   "F",   MeteringClass.Math);
        Row(Opcode.F64ConvertI32U,    "f64.convert_i32_u",   ImmediateKind.None,         "i",   "F",   MeteringClass.Math);
        Row(Opcode.F64ConvertI64S,    "f64.convert_i64_s",   ImmediateKind.None,         "I",   "F",   MeteringClass.Math);
        Row(Opcode.F64ConvertI64U,    "f64.convert_i64_u",   ImmediateKind.None,         "I",   "F",   MeteringClass.Math);
        Row(Opcode.F64PromoteF32,     "f64.promote_f32",     ImmediateKind.None,         "f",   "F",   MeteringClass.Math);
        Row(Opcode.I32ReinterpretF32, "i32.reinterpret_f32", ImmediateKind.None,         "f",   "i",   MeteringClass.Default);
        Row(Opcode.I64ReinterpretF64, "i64.reinterpret_f64", ImmediateKind.None,         "F",   "I",   MeteringClass.Default);
        Row(Opcode.F32ReinterpretI32, "f32.reinterpret_i32", ImmediateKind.None,         "i",   "f",   MeteringClass.Default);
        Row(Opcode.F64ReinterpretI64, "f64.reinterpret_i64", ImmediateKind.None,         "I",   "F",   MeteringClass.Default);
        Row(Opcode.I32Extend8S,       "i32.extend8_s",       ImmediateKind.None,         "i",   "i",   MeteringClass.Math);
        Row(Opcode.I32Extend16S,      "i32.extend16_s",      ImmediateKind.None,         "i",   "i",   MeteringClass.Math);
        Row(Opcode.I64Extend8S,       "i64.extend8_s",       ImmediateKind.None,         "I",   "I",   MeteringClass.Math);
        Row(Opcode.I64Extend16S,      "i64.extend16_s",      ImmediateKind.None,         "I",   "I",   MeteringClass.Math);
        Row(Opcode.I64Extend32S,      "i64.extend32_s",      ImmediateKind.None,         "I",   "I",   MeteringClass.Math);
        Row(Opcode.RefNull,           "ref.null",            ImmediateKind.HeapType,     "",    "r",   MeteringClass.Default);
        Row(Opcode.RefFunc,           "ref.func",            ImmediateKind.Index,        "",    "r",   MeteringClass.Default);
        Row(Opcode.I32TruncSatF32S,   "i32.trunc_sat_f32_s", ImmediateKind.None,         "f",   "i",   MeteringClass.Math);
        Row(Opcode.I32TruncSatF32U,   "i32.trunc_sat_f32_u", ImmediateKind.None,         "f",   "i",   MeteringClass.Math);
        Row(Opcode.I32TruncSatF64S,   "i32.trunc_sat_f64_s", ImmediateKind.None,         "F",   "i",   MeteringClass.Math);
        Row(Opcode.I32TruncSatF64U,   "i32.trunc_sat_f64_u", ImmediateKind.None,         "F",   "i",   MeteringClass.Math);
        Row(Opcode.I64TruncSatF32S,   "i64.trunc_sat_f32_s", ImmediateKind.None,         "f",   "I",   MeteringClass.Math);
        Row(Opcode.I64TruncSatF32U,   "i64.trunc_sat_f32_u", ImmediateKind.None,         "f",   "I",   MeteringClass.Math);
        Row(Opcode.I64TruncSatF64S,   "i64.trunc_sat_f64_s", ImmediateKind.None,         "F",   "I",   MeteringClass.Math);
        Row(Opcode.I64TruncSatF64U,   "i64.trunc_sat_f64_u", ImmediateKind.None,         "F",   "I",   MeteringClass.Math);
        Row(Opcode.MemoryInit,        "memory.init",         ImmediateKind.TwoIndices,   "iii", "",    MeteringClass.MemoryCopy);
        Row(Opcode.DataDrop,          "data.drop",           ImmediateKind.Index,        "",    "",    MeteringClass.Default);
        Row(Opcode.MemoryCopy,        "memory.copy",         ImmediateKind.TwoIndices,   "iii", "",    MeteringClass.MemoryCopy);
        Row(Opcode.MemoryFill,        "memory.fill",         ImmediateKind.MemoryIndex,  "iii", "",    MeteringClass.MemoryFill);
        Row(Opcode.TableInit,         "table.init",          ImmediateKind.TwoIndices,   "iii", "",    MeteringClass.TableCopy);
        Row(Opcode.ElemDrop,          "elem.drop",           ImmediateKind.Index,        "",    "",    MeteringClass.Default);
        Row(Opcode.TableCopy,         "table.copy",          ImmediateKind.TwoIndices,   "iii", "",    MeteringClass.TableCopy);
        Row(Opcode.TableGrow,         "table.grow",          ImmediateKind.Index,        "ri",  "i",   MeteringClass.TableFill);
        Row(Opcode.TableSize,         "table.size",          ImmediateKind.Index,        "",    "i",   MeteringClass.Default);
        Row(Opcode.TableFill,         "table.fill",          ImmediateKind.Index,        "iri", "",    MeteringClass.TableFill);
#pragma warning restore format

        return table;
    }
}
