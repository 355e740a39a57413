namespace Fvm.Wasm;

/// <summary>The instruction table of the feature set, one row per instruction.</summary>
public static class Opcodes
{
    /// <summary>The prefix byte of instructions numbered in LEB128.</summary>
    public const byte Prefix = 0xfc;

    private const int Prefixed = 0x100;

    private static readonly OpcodeInfo?[] Table = Build();
    private static readonly OpcodeTraits[] Traits = Array.ConvertAll(Table, static row => row is null ? OpcodeTraits.None : OpcodeTraits.Of(row));

    /// <summary>All rows, in the order of the binary format.</summary>
    public static IReadOnlyList<OpcodeInfo> All { get; } = Array.FindAll(Table, static row => row is not null)!;

    /// <summary>Exclusive upper bound of <see cref="IndexOf"/>.</summary>
    internal static int Count => Table.Length;

    /// <summary>The row of an instruction; null if it is not in the feature set.</summary>
    public static OpcodeInfo? Find(Opcode opcode) => Table[IndexOf(opcode)] is OpcodeInfo row && row.Opcode == opcode ? row : null;

    /// <summary>The row of an instruction of a validated module.</summary>
    public static OpcodeInfo Of(Opcode opcode) => Table[IndexOf(opcode)]!;

    /// <summary>
    /// By <see cref="IndexOf"/>, the columns needed for decoding, validation and compilation; with <see cref="ImmediateKind.Unknown"/> for an
    /// instruction outside the feature set.
    /// </summary>
    internal static ReadOnlySpan<OpcodeTraits> AllTraits => Traits;

    /// <summary>An instruction's index in tables of <see cref="Count"/> entries: its byte; 256 plus its number after the prefix.</summary>
    internal static int IndexOf(Opcode opcode) => ((int)opcode & 0xff) | (((int)opcode >> 7) & Prefixed);

    private static OpcodeInfo?[] Build()
    {
        OpcodeInfo?[] table = new OpcodeInfo?[2 * Prefixed];

        void Row(
            Opcode opcode, string name, ImmediateKind immediates, OpcodeFamily family, byte width, string pops, string pushes, string reads,
            string writes, MeteringClass metering, OpcodeFlags flags) =>
            table[IndexOf(opcode)] = new OpcodeInfo(
                opcode, name, immediates, family, width, pops, pushes, OpcodeInfo.StateOf(reads), OpcodeInfo.StateOf(writes), metering, flags);

        // Operands: i = i32, I = i64, f = f32, F = f64, r = funcref, * = any one type (resolved by the validator). Operands
        // that depend on a label or a signature (branches, calls, blocks) are not listed.
        // Bits: of the memory access, or else of each numeric operand.
        // Reads, writes: l = local, g = global, m = memory, t = table, s = which segments are dropped, z = sizes of memory and table, * = all.
        // Metering classes: the reference's gas/price_list.rs, rules of WasmGasPrices.
#pragma warning disable format
        //  opcode                  name                   immediates                  family                          bits pops   pushes  reads  writes  metering                       flags
        Row(Opcode.Unreachable,         "unreachable",         ImmediateKind.None,         OpcodeFamily.Control,             0, "",    "",     "",    "",     MeteringClass.Free,            OpcodeFlags.Terminator | OpcodeFlags.MeteredApart);
        Row(Opcode.Nop,                 "nop",                 ImmediateKind.None,         OpcodeFamily.Control,             0, "",    "",     "",    "",     MeteringClass.Free,            OpcodeFlags.None);
        Row(Opcode.Block,               "block",               ImmediateKind.Block,        OpcodeFamily.Control,             0, "",    "",     "",    "",     MeteringClass.Free,            OpcodeFlags.MeteredApart);
        Row(Opcode.Loop,                "loop",                ImmediateKind.Block,        OpcodeFamily.Control,             0, "",    "",     "",    "",     MeteringClass.Free,            OpcodeFlags.MeteredApart);
        Row(Opcode.If,                  "if",                  ImmediateKind.Block,        OpcodeFamily.Control,             0, "i",   "",     "",    "",     MeteringClass.ConditionalJump, OpcodeFlags.TakesFlags | OpcodeFlags.MeteredApart);
        Row(Opcode.Else,                "else",                ImmediateKind.None,         OpcodeFamily.Control,             0, "",    "",     "",    "",     MeteringClass.Free,            OpcodeFlags.MeteredApart);
        Row(Opcode.End,                 "end",                 ImmediateKind.None,         OpcodeFamily.Control,             0, "",    "",     "",    "",     MeteringClass.Free,            OpcodeFlags.MeteredApart);
        Row(Opcode.Br,                  "br",                  ImmediateKind.Index,        OpcodeFamily.Control,             0, "",    "",     "",    "",     MeteringClass.Jump,            OpcodeFlags.Terminator | OpcodeFlags.MeteredApart);
        Row(Opcode.BrIf,                "br_if",               ImmediateKind.Index,        OpcodeFamily.Control,             0, "i",   "",     "",    "",     MeteringClass.ConditionalJump, OpcodeFlags.TakesFlags | OpcodeFlags.MeteredApart);
        Row(Opcode.BrTable,             "br_table",            ImmediateKind.BranchTable,  OpcodeFamily.Control,             0, "i",   "",     "",    "",     MeteringClass.IndirectJump,    OpcodeFlags.Terminator | OpcodeFlags.MeteredApart);
        Row(Opcode.Return,              "return",              ImmediateKind.None,         OpcodeFamily.Control,             0, "",    "",     "",    "",     MeteringClass.Free,            OpcodeFlags.Terminator | OpcodeFlags.MeteredApart);
        Row(Opcode.Call,                "call",                ImmediateKind.Index,        OpcodeFamily.Control,             0, "",    "",     "*",   "*",    MeteringClass.Call,            OpcodeFlags.MeteredApart);
        Row(Opcode.CallIndirect,        "call_indirect",       ImmediateKind.IndirectCall, OpcodeFamily.Control,             0, "i",   "",     "*",   "*",    MeteringClass.IndirectCall,    OpcodeFlags.MeteredApart);
        Row(Opcode.Drop,                "drop",                ImmediateKind.None,         OpcodeFamily.Parametric,          0, "*",   "",     "",    "",     MeteringClass.Free,            OpcodeFlags.None);
        Row(Opcode.Select,              "select",              ImmediateKind.None,         OpcodeFamily.Parametric,          0, "**i", "*",    "",    "",     MeteringClass.Default,         OpcodeFlags.TakesFlags | OpcodeFlags.MeteredApart);
        Row(Opcode.LocalGet,            "local.get",           ImmediateKind.Index,        OpcodeFamily.Local,               0, "",    "*",    "l",   "",     MeteringClass.Default,         OpcodeFlags.None);
        Row(Opcode.LocalSet,            "local.set",           ImmediateKind.Index,        OpcodeFamily.Local,               0, "*",   "",     "",    "l",    MeteringClass.Default,         OpcodeFlags.None);
        Row(Opcode.LocalTee,            "local.tee",           ImmediateKind.Index,        OpcodeFamily.Local,               0, "*",   "*",    "",    "l",    MeteringClass.Default,         OpcodeFlags.None);
        Row(Opcode.GlobalGet,           "global.get",          ImmediateKind.Index,        OpcodeFamily.Global,              0, "",    "*",    "g",   "",     MeteringClass.Default,         OpcodeFlags.None);
        Row(Opcode.GlobalSet,           "global.set",          ImmediateKind.Index,        OpcodeFamily.Global,              0, "*",   "",     "",    "g",    MeteringClass.Default,         OpcodeFlags.None);
        Row(Opcode.TableGet,            "table.get",           ImmediateKind.Index,        OpcodeFamily.Table,               0, "i",   "r",    "t",   "",     MeteringClass.Load,            OpcodeFlags.None);
        Row(Opcode.TableSet,            "table.set",           ImmediateKind.Index,        OpcodeFamily.Table,               0, "ir",  "",     "",    "t",    MeteringClass.Store,           OpcodeFlags.None);
        Row(Opcode.I32Load,             "i32.load",            ImmediateKind.Memory,       OpcodeFamily.Load,               32, "i",   "i",    "m",   "",     MeteringClass.Load,            OpcodeFlags.None);
        Row(Opcode.I64Load,             "i64.load",            ImmediateKind.Memory,       OpcodeFamily.Load,               64, "i",   "I",    "m",   "",     MeteringClass.Load,            OpcodeFlags.None);
        Row(Opcode.F32Load,             "f32.load",            ImmediateKind.Memory,       OpcodeFamily.Load,               32, "i",   "f",    "m",   "",     MeteringClass.Load,            OpcodeFlags.None);
        Row(Opcode.F64Load,             "f64.load",            ImmediateKind.Memory,       OpcodeFamily.Load,               64, "i",   "F",    "m",   "",     MeteringClass.Load,            OpcodeFlags.None);
        Row(Opcode.I32Load8S,           "i32.load8_s",         ImmediateKind.Memory,       OpcodeFamily.Load,                8, "i",   "i",    "m",   "",     MeteringClass.Load,            OpcodeFlags.Signed);
        Row(Opcode.I32Load8U,           "i32.load8_u",         ImmediateKind.Memory,       OpcodeFamily.Load,                8, "i",   "i",    "m",   "",     MeteringClass.Load,            OpcodeFlags.None);
        Row(Opcode.I32Load16S,          "i32.load16_s",        ImmediateKind.Memory,       OpcodeFamily.Load,               16, "i",   "i",    "m",   "",     MeteringClass.Load,            OpcodeFlags.Signed);
        Row(Opcode.I32Load16U,          "i32.load16_u",        ImmediateKind.Memory,       OpcodeFamily.Load,               16, "i",   "i",    "m",   "",     MeteringClass.Load,            OpcodeFlags.None);
        Row(Opcode.I64Load8S,           "i64.load8_s",         ImmediateKind.Memory,       OpcodeFamily.Load,                8, "i",   "I",    "m",   "",     MeteringClass.Load,            OpcodeFlags.Signed);
        Row(Opcode.I64Load8U,           "i64.load8_u",         ImmediateKind.Memory,       OpcodeFamily.Load,                8, "i",   "I",    "m",   "",     MeteringClass.Load,            OpcodeFlags.None);
        Row(Opcode.I64Load16S,          "i64.load16_s",        ImmediateKind.Memory,       OpcodeFamily.Load,               16, "i",   "I",    "m",   "",     MeteringClass.Load,            OpcodeFlags.Signed);
        Row(Opcode.I64Load16U,          "i64.load16_u",        ImmediateKind.Memory,       OpcodeFamily.Load,               16, "i",   "I",    "m",   "",     MeteringClass.Load,            OpcodeFlags.None);
        Row(Opcode.I64Load32S,          "i64.load32_s",        ImmediateKind.Memory,       OpcodeFamily.Load,               32, "i",   "I",    "m",   "",     MeteringClass.Load,            OpcodeFlags.Signed);
        Row(Opcode.I64Load32U,          "i64.load32_u",        ImmediateKind.Memory,       OpcodeFamily.Load,               32, "i",   "I",    "m",   "",     MeteringClass.Load,            OpcodeFlags.None);
        Row(Opcode.I32Store,            "i32.store",           ImmediateKind.Memory,       OpcodeFamily.Store,              32, "ii",  "",     "",    "m",    MeteringClass.Store,           OpcodeFlags.None);
        Row(Opcode.I64Store,            "i64.store",           ImmediateKind.Memory,       OpcodeFamily.Store,              64, "iI",  "",     "",    "m",    MeteringClass.Store,           OpcodeFlags.None);
        Row(Opcode.F32Store,            "f32.store",           ImmediateKind.Memory,       OpcodeFamily.Store,              32, "if",  "",     "",    "m",    MeteringClass.Store,           OpcodeFlags.None);
        Row(Opcode.F64Store,            "f64.store",           ImmediateKind.Memory,       OpcodeFamily.Store,              64, "iF",  "",     "",    "m",    MeteringClass.Store,           OpcodeFlags.None);
        Row(Opcode.I32Store8,           "i32.store8",          ImmediateKind.Memory,       OpcodeFamily.Store,               8, "ii",  "",     "",    "m",    MeteringClass.Store,           OpcodeFlags.None);
        Row(Opcode.I32Store16,          "i32.store16",         ImmediateKind.Memory,       OpcodeFamily.Store,              16, "ii",  "",     "",    "m",    MeteringClass.Store,           OpcodeFlags.None);
        Row(Opcode.I64Store8,           "i64.store8",          ImmediateKind.Memory,       OpcodeFamily.Store,               8, "iI",  "",     "",    "m",    MeteringClass.Store,           OpcodeFlags.None);
        Row(Opcode.I64Store16,          "i64.store16",         ImmediateKind.Memory,       OpcodeFamily.Store,              16, "iI",  "",     "",    "m",    MeteringClass.Store,           OpcodeFlags.None);
        Row(Opcode.I64Store32,          "i64.store32",         ImmediateKind.Memory,       OpcodeFamily.Store,              32, "iI",  "",     "",    "m",    MeteringClass.Store,           OpcodeFlags.None);
        Row(Opcode.MemorySize,          "memory.size",         ImmediateKind.MemoryIndex,  OpcodeFamily.Memory,              0, "",    "i",    "z",   "",     MeteringClass.Default,         OpcodeFlags.None);
        Row(Opcode.MemoryGrow,          "memory.grow",         ImmediateKind.MemoryIndex,  OpcodeFamily.Memory,              0, "i",   "i",    "z",   "z",    MeteringClass.MemoryGrow,      OpcodeFlags.NeedsRuntime);
        Row(Opcode.I32Const,            "i32.const",           ImmediateKind.I32,          OpcodeFamily.Constant,           32, "",    "i",    "",    "",     MeteringClass.Default,         OpcodeFlags.MeteredApart);
        Row(Opcode.I64Const,            "i64.const",           ImmediateKind.I64,          OpcodeFamily.Constant,           64, "",    "I",    "",    "",     MeteringClass.Default,         OpcodeFlags.None);
        Row(Opcode.F32Const,            "f32.const",           ImmediateKind.F32,          OpcodeFamily.Constant,           32, "",    "f",    "",    "",     MeteringClass.Default,         OpcodeFlags.None);
        Row(Opcode.F64Const,            "f64.const",           ImmediateKind.F64,          OpcodeFamily.Constant,           64, "",    "F",    "",    "",     MeteringClass.Default,         OpcodeFlags.None);
        Row(Opcode.I32Eqz,              "i32.eqz",             ImmediateKind.None,         OpcodeFamily.IntegerTest,        32, "i",   "i",    "",    "",     MeteringClass.Math,            OpcodeFlags.TakesFlags);
        Row(Opcode.I32Eq,               "i32.eq",              ImmediateKind.None,         OpcodeFamily.IntegerComparison,  32, "ii",  "i",    "",    "",     MeteringClass.Math,            OpcodeFlags.None);
        Row(Opcode.I32Ne,               "i32.ne",              ImmediateKind.None,         OpcodeFamily.IntegerComparison,  32, "ii",  "i",    "",    "",     MeteringClass.Math,            OpcodeFlags.None);
        Row(Opcode.I32LtS,              "i32.lt_s",            ImmediateKind.None,         OpcodeFamily.IntegerComparison,  32, "ii",  "i",    "",    "",     MeteringClass.Math,            OpcodeFlags.Signed);
        Row(Opcode.I32LtU,              "i32.lt_u",            ImmediateKind.None,         OpcodeFamily.IntegerComparison,  32, "ii",  "i",    "",    "",     MeteringClass.Math,            OpcodeFlags.None);
        Row(Opcode.I32GtS,              "i32.gt_s",            ImmediateKind.None,         OpcodeFamily.IntegerComparison,  32, "ii",  "i",    "",    "",     MeteringClass.Math,            OpcodeFlags.Signed);
        Row(Opcode.I32GtU,              "i32.gt_u",            ImmediateKind.None,         OpcodeFamily.IntegerComparison,  32, "ii",  "i",    "",    "",     MeteringClass.Math,            OpcodeFlags.None);
        Row(Opcode.I32LeS,              "i32.le_s",            ImmediateKind.None,         OpcodeFamily.IntegerComparison,  32, "ii",  "i",    "",    "",     MeteringClass.Math,            OpcodeFlags.Signed);
        Row(Opcode.I32LeU,              "i32.le_u",            ImmediateKind.None,         OpcodeFamily.IntegerComparison,  32, "ii",  "i",    "",    "",     MeteringClass.Math,            OpcodeFlags.None);
        Row(Opcode.I32GeS,              "i32.ge_s",            ImmediateKind.None,         OpcodeFamily.IntegerComparison,  32, "ii",  "i",    "",    "",     MeteringClass.Math,            OpcodeFlags.Signed);
        Row(Opcode.I32GeU,              "i32.ge_u",            ImmediateKind.None,         OpcodeFamily.IntegerComparison,  32, "ii",  "i",    "",    "",     MeteringClass.Math,            OpcodeFlags.None);
        Row(Opcode.I64Eqz,              "i64.eqz",             ImmediateKind.None,         OpcodeFamily.IntegerTest,        64, "I",   "i",    "",    "",     MeteringClass.Math,            OpcodeFlags.None);
        Row(Opcode.I64Eq,               "i64.eq",              ImmediateKind.None,         OpcodeFamily.IntegerComparison,  64, "II",  "i",    "",    "",     MeteringClass.Math,            OpcodeFlags.None);
        Row(Opcode.I64Ne,               "i64.ne",              ImmediateKind.None,         OpcodeFamily.IntegerComparison,  64, "II",  "i",    "",    "",     MeteringClass.Math,            OpcodeFlags.None);
        Row(Opcode.I64LtS,              "i64.lt_s",            ImmediateKind.None,         OpcodeFamily.IntegerComparison,  64, "II",  "i",    "",    "",     MeteringClass.Math,            OpcodeFlags.Signed);
        Row(Opcode.I64LtU,              "i64.lt_u",            ImmediateKind.None,         OpcodeFamily.IntegerComparison,  64, "II",  "i",    "",    "",     MeteringClass.Math,            OpcodeFlags.None);
        Row(Opcode.I64GtS,              "i64.gt_s",            ImmediateKind.None,         OpcodeFamily.IntegerComparison,  64, "II",  "i",    "",    "",     MeteringClass.Math,            OpcodeFlags.Signed);
        Row(Opcode.I64GtU,              "i64.gt_u",            ImmediateKind.None,         OpcodeFamily.IntegerComparison,  64, "II",  "i",    "",    "",     MeteringClass.Math,            OpcodeFlags.None);
        Row(Opcode.I64LeS,              "i64.le_s",            ImmediateKind.None,         OpcodeFamily.IntegerComparison,  64, "II",  "i",    "",    "",     MeteringClass.Math,            OpcodeFlags.Signed);
        Row(Opcode.I64LeU,              "i64.le_u",            ImmediateKind.None,         OpcodeFamily.IntegerComparison,  64, "II",  "i",    "",    "",     MeteringClass.Math,            OpcodeFlags.None);
        Row(Opcode.I64GeS,              "i64.ge_s",            ImmediateKind.None,         OpcodeFamily.IntegerComparison,  64, "II",  "i",    "",    "",     MeteringClass.Math,            OpcodeFlags.Signed);
        Row(Opcode.I64GeU,              "i64.ge_u",            ImmediateKind.None,         OpcodeFamily.IntegerComparison,  64, "II",  "i",    "",    "",     MeteringClass.Math,            OpcodeFlags.None);
        Row(Opcode.F32Eq,               "f32.eq",              ImmediateKind.None,         OpcodeFamily.FloatComparison,    32, "ff",  "i",    "",    "",     MeteringClass.Math,            OpcodeFlags.None);
        Row(Opcode.F32Ne,               "f32.ne",              ImmediateKind.None,         OpcodeFamily.FloatComparison,    32, "ff",  "i",    "",    "",     MeteringClass.Math,            OpcodeFlags.None);
        Row(Opcode.F32Lt,               "f32.lt",              ImmediateKind.None,         OpcodeFamily.FloatComparison,    32, "ff",  "i",    "",    "",     MeteringClass.Math,            OpcodeFlags.None);
        Row(Opcode.F32Gt,               "f32.gt",              ImmediateKind.None,         OpcodeFamily.FloatComparison,    32, "ff",  "i",    "",    "",     MeteringClass.Math,            OpcodeFlags.None);
        Row(Opcode.F32Le,               "f32.le",              ImmediateKind.None,         OpcodeFamily.FloatComparison,    32, "ff",  "i",    "",    "",     MeteringClass.Math,            OpcodeFlags.None);
        Row(Opcode.F32Ge,               "f32.ge",              ImmediateKind.None,         OpcodeFamily.FloatComparison,    32, "ff",  "i",    "",    "",     MeteringClass.Math,            OpcodeFlags.None);
        Row(Opcode.F64Eq,               "f64.eq",              ImmediateKind.None,         OpcodeFamily.FloatComparison,    64, "FF",  "i",    "",    "",     MeteringClass.Math,            OpcodeFlags.None);
        Row(Opcode.F64Ne,               "f64.ne",              ImmediateKind.None,         OpcodeFamily.FloatComparison,    64, "FF",  "i",    "",    "",     MeteringClass.Math,            OpcodeFlags.None);
        Row(Opcode.F64Lt,               "f64.lt",              ImmediateKind.None,         OpcodeFamily.FloatComparison,    64, "FF",  "i",    "",    "",     MeteringClass.Math,            OpcodeFlags.None);
        Row(Opcode.F64Gt,               "f64.gt",              ImmediateKind.None,         OpcodeFamily.FloatComparison,    64, "FF",  "i",    "",    "",     MeteringClass.Math,            OpcodeFlags.None);
        Row(Opcode.F64Le,               "f64.le",              ImmediateKind.None,         OpcodeFamily.FloatComparison,    64, "FF",  "i",    "",    "",     MeteringClass.Math,            OpcodeFlags.None);
        Row(Opcode.F64Ge,               "f64.ge",              ImmediateKind.None,         OpcodeFamily.FloatComparison,    64, "FF",  "i",    "",    "",     MeteringClass.Math,            OpcodeFlags.None);
        Row(Opcode.I32Clz,              "i32.clz",             ImmediateKind.None,         OpcodeFamily.IntegerUnary,       32, "i",   "i",    "",    "",     MeteringClass.Math,            OpcodeFlags.None);
        Row(Opcode.I32Ctz,              "i32.ctz",             ImmediateKind.None,         OpcodeFamily.IntegerUnary,       32, "i",   "i",    "",    "",     MeteringClass.Math,            OpcodeFlags.None);
        Row(Opcode.I32Popcnt,           "i32.popcnt",          ImmediateKind.None,         OpcodeFamily.IntegerUnary,       32, "i",   "i",    "",    "",     MeteringClass.Math,            OpcodeFlags.None);
        Row(Opcode.I32Add,              "i32.add",             ImmediateKind.None,         OpcodeFamily.IntegerBinary,      32, "ii",  "i",    "",    "",     MeteringClass.Math,            OpcodeFlags.None);
        Row(Opcode.I32Sub,              "i32.sub",             ImmediateKind.None,         OpcodeFamily.IntegerBinary,      32, "ii",  "i",    "",    "",     MeteringClass.Math,            OpcodeFlags.None);
        Row(Opcode.I32Mul,              "i32.mul",             ImmediateKind.None,         OpcodeFamily.IntegerBinary,      32, "ii",  "i",    "",    "",     MeteringClass.Math,            OpcodeFlags.None);
        Row(Opcode.I32DivS,             "i32.div_s",           ImmediateKind.None,         OpcodeFamily.IntegerBinary,      32, "ii",  "i",    "",    "",     MeteringClass.Math,            OpcodeFlags.Signed);
        Row(Opcode.I32DivU,             "i32.div_u",           ImmediateKind.None,         OpcodeFamily.IntegerBinary,      32, "ii",  "i",    "",    "",     MeteringClass.Math,            OpcodeFlags.None);
        Row(Opcode.I32RemS,             "i32.rem_s",           ImmediateKind.None,         OpcodeFamily.IntegerBinary,      32, "ii",  "i",    "",    "",     MeteringClass.Math,            OpcodeFlags.Signed);
        Row(Opcode.I32RemU,             "i32.rem_u",           ImmediateKind.None,         OpcodeFamily.IntegerBinary,      32, "ii",  "i",    "",    "",     MeteringClass.Math,            OpcodeFlags.None);
        Row(Opcode.I32And,              "i32.and",             ImmediateKind.None,         OpcodeFamily.IntegerBinary,      32, "ii",  "i",    "",    "",     MeteringClass.Math,            OpcodeFlags.None);
        Row(Opcode.I32Or,               "i32.or",              ImmediateKind.None,         OpcodeFamily.IntegerBinary,      32, "ii",  "i",    "",    "",     MeteringClass.Math,            OpcodeFlags.None);
        Row(Opcode.I32Xor,              "i32.xor",             ImmediateKind.None,         OpcodeFamily.IntegerBinary,      32, "ii",  "i",    "",    "",     MeteringClass.Math,            OpcodeFlags.None);
        Row(Opcode.I32Shl,              "i32.shl",             ImmediateKind.None,         OpcodeFamily.IntegerBinary,      32, "ii",  "i",    "",    "",     MeteringClass.Math,            OpcodeFlags.None);
        Row(Opcode.I32ShrS,             "i32.shr_s",           ImmediateKind.None,         OpcodeFamily.IntegerBinary,      32, "ii",  "i",    "",    "",     MeteringClass.Math,            OpcodeFlags.Signed);
        Row(Opcode.I32ShrU,             "i32.shr_u",           ImmediateKind.None,         OpcodeFamily.IntegerBinary,      32, "ii",  "i",    "",    "",     MeteringClass.Math,            OpcodeFlags.None);
        Row(Opcode.I32Rotl,             "i32.rotl",            ImmediateKind.None,         OpcodeFamily.IntegerBinary,      32, "ii",  "i",    "",    "",     MeteringClass.Math,            OpcodeFlags.None);
        Row(Opcode.I32Rotr,             "i32.rotr",            ImmediateKind.None,         OpcodeFamily.IntegerBinary,      32, "ii",  "i",    "",    "",     MeteringClass.Math,            OpcodeFlags.None);
        Row(Opcode.I64Clz,              "i64.clz",             ImmediateKind.None,         OpcodeFamily.IntegerUnary,       64, "I",   "I",    "",    "",     MeteringClass.Math,            OpcodeFlags.None);
        Row(Opcode.I64Ctz,              "i64.ctz",             ImmediateKind.None,         OpcodeFamily.IntegerUnary,       64, "I",   "I",    "",    "",     MeteringClass.Math,            OpcodeFlags.None);
        Row(Opcode.I64Popcnt,           "i64.popcnt",          ImmediateKind.None,         OpcodeFamily.IntegerUnary,       64, "I",   "I",    "",    "",     MeteringClass.Math,            OpcodeFlags.None);
        Row(Opcode.I64Add,              "i64.add",             ImmediateKind.None,         OpcodeFamily.IntegerBinary,      64, "II",  "I",    "",    "",     MeteringClass.Math,            OpcodeFlags.None);
        Row(Opcode.I64Sub,              "i64.sub",             ImmediateKind.None,         OpcodeFamily.IntegerBinary,      64, "II",  "I",    "",    "",     MeteringClass.Math,            OpcodeFlags.None);
        Row(Opcode.I64Mul,              "i64.mul",             ImmediateKind.None,         OpcodeFamily.IntegerBinary,      64, "II",  "I",    "",    "",     MeteringClass.Math,            OpcodeFlags.None);
        Row(Opcode.I64DivS,             "i64.div_s",           ImmediateKind.None,         OpcodeFamily.IntegerBinary,      64, "II",  "I",    "",    "",     MeteringClass.Math,            OpcodeFlags.Signed);
        Row(Opcode.I64DivU,             "i64.div_u",           ImmediateKind.None,         OpcodeFamily.IntegerBinary,      64, "II",  "I",    "",    "",     MeteringClass.Math,            OpcodeFlags.None);
        Row(Opcode.I64RemS,             "i64.rem_s",           ImmediateKind.None,         OpcodeFamily.IntegerBinary,      64, "II",  "I",    "",    "",     MeteringClass.Math,            OpcodeFlags.Signed);
        Row(Opcode.I64RemU,             "i64.rem_u",           ImmediateKind.None,         OpcodeFamily.IntegerBinary,      64, "II",  "I",    "",    "",     MeteringClass.Math,            OpcodeFlags.None);
        Row(Opcode.I64And,              "i64.and",             ImmediateKind.None,         OpcodeFamily.IntegerBinary,      64, "II",  "I",    "",    "",     MeteringClass.Math,            OpcodeFlags.None);
        Row(Opcode.I64Or,               "i64.or",              ImmediateKind.None,         OpcodeFamily.IntegerBinary,      64, "II",  "I",    "",    "",     MeteringClass.Math,            OpcodeFlags.None);
        Row(Opcode.I64Xor,              "i64.xor",             ImmediateKind.None,         OpcodeFamily.IntegerBinary,      64, "II",  "I",    "",    "",     MeteringClass.Math,            OpcodeFlags.None);
        Row(Opcode.I64Shl,              "i64.shl",             ImmediateKind.None,         OpcodeFamily.IntegerBinary,      64, "II",  "I",    "",    "",     MeteringClass.Math,            OpcodeFlags.None);
        Row(Opcode.I64ShrS,             "i64.shr_s",           ImmediateKind.None,         OpcodeFamily.IntegerBinary,      64, "II",  "I",    "",    "",     MeteringClass.Math,            OpcodeFlags.Signed);
        Row(Opcode.I64ShrU,             "i64.shr_u",           ImmediateKind.None,         OpcodeFamily.IntegerBinary,      64, "II",  "I",    "",    "",     MeteringClass.Math,            OpcodeFlags.None);
        Row(Opcode.I64Rotl,             "i64.rotl",            ImmediateKind.None,         OpcodeFamily.IntegerBinary,      64, "II",  "I",    "",    "",     MeteringClass.Math,            OpcodeFlags.None);
        Row(Opcode.I64Rotr,             "i64.rotr",            ImmediateKind.None,         OpcodeFamily.IntegerBinary,      64, "II",  "I",    "",    "",     MeteringClass.Math,            OpcodeFlags.None);
        Row(Opcode.F32Abs,              "f32.abs",             ImmediateKind.None,         OpcodeFamily.FloatUnary,         32, "f",   "f",    "",    "",     MeteringClass.Math,            OpcodeFlags.None);
        Row(Opcode.F32Neg,              "f32.neg",             ImmediateKind.None,         OpcodeFamily.FloatUnary,         32, "f",   "f",    "",    "",     MeteringClass.Math,            OpcodeFlags.None);
        Row(Opcode.F32Ceil,             "f32.ceil",            ImmediateKind.None,         OpcodeFamily.FloatUnary,         32, "f",   "f",    "",    "",     MeteringClass.Math,            OpcodeFlags.None);
        Row(Opcode.F32Floor,            "f32.floor",           ImmediateKind.None,         OpcodeFamily.FloatUnary,         32, "f",   "f",    "",    "",     MeteringClass.Math,            OpcodeFlags.None);
        Row(Opcode.F32Trunc,            "f32.trunc",           ImmediateKind.None,         OpcodeFamily.FloatUnary,         32, "f",   "f",    "",    "",     MeteringClass.Math,            OpcodeFlags.None);
        Row(Opcode.F32Nearest,          "f32.nearest",         ImmediateKind.None,         OpcodeFamily.FloatUnary,         32, "f",   "f",    "",    "",     MeteringClass.Math,            OpcodeFlags.None);
        Row(Opcode.F32Sqrt,             "f32.sqrt",            ImmediateKind.None,         OpcodeFamily.FloatUnary,         32, "f",   "f",    "",    "",     MeteringClass.Math,            OpcodeFlags.None);
        Row(Opcode.F32Add,              "f32.add",             ImmediateKind.None,         OpcodeFamily.FloatBinary,        32, "ff",  "f",    "",    "",     MeteringClass.Math,            OpcodeFlags.None);
        Row(Opcode.F32Sub,              "f32.sub",             ImmediateKind.None,         OpcodeFamily.FloatBinary,        32, "ff",  "f",    "",    "",     MeteringClass.Math,            OpcodeFlags.None);
        Row(Opcode.F32Mul,              "f32.mul",             ImmediateKind.None,         OpcodeFamily.FloatBinary,        32, "ff",  "f",    "",    "",     MeteringClass.Math,            OpcodeFlags.None);
        Row(Opcode.F32Div,              "f32.div",             ImmediateKind.None,         OpcodeFamily.FloatBinary,        32, "ff",  "f",    "",    "",     MeteringClass.Math,            OpcodeFlags.None);
        Row(Opcode.F32Min,              "f32.min",             ImmediateKind.None,         OpcodeFamily.FloatBinary,        32, "ff",  "f",    "",    "",     MeteringClass.Math,            OpcodeFlags.None);
        Row(Opcode.F32Max,              "f32.max",             ImmediateKind.None,         OpcodeFamily.FloatBinary,        32, "ff",  "f",    "",    "",     MeteringClass.Math,            OpcodeFlags.None);
        Row(Opcode.F32Copysign,         "f32.copysign",        ImmediateKind.None,         OpcodeFamily.FloatBinary,        32, "ff",  "f",    "",    "",     MeteringClass.Math,            OpcodeFlags.None);
        Row(Opcode.F64Abs,              "f64.abs",             ImmediateKind.None,         OpcodeFamily.FloatUnary,         64, "F",   "F",    "",    "",     MeteringClass.Math,            OpcodeFlags.None);
        Row(Opcode.F64Neg,              "f64.neg",             ImmediateKind.None,         OpcodeFamily.FloatUnary,         64, "F",   "F",    "",    "",     MeteringClass.Math,            OpcodeFlags.None);
        Row(Opcode.F64Ceil,             "f64.ceil",            ImmediateKind.None,         OpcodeFamily.FloatUnary,         64, "F",   "F",    "",    "",     MeteringClass.Math,            OpcodeFlags.None);
        Row(Opcode.F64Floor,            "f64.floor",           ImmediateKind.None,         OpcodeFamily.FloatUnary,         64, "F",   "F",    "",    "",     MeteringClass.Math,            OpcodeFlags.None);
        Row(Opcode.F64Trunc,            "f64.trunc",           ImmediateKind.None,         OpcodeFamily.FloatUnary,         64, "F",   "F",    "",    "",     MeteringClass.Math,            OpcodeFlags.None);
        Row(Opcode.F64Nearest,          "f64.nearest",         ImmediateKind.None,         OpcodeFamily.FloatUnary,         64, "F",   "F",    "",    "",     MeteringClass.Math,            OpcodeFlags.None);
        Row(Opcode.F64Sqrt,             "f64.sqrt",            ImmediateKind.None,         OpcodeFamily.FloatUnary,         64, "F",   "F",    "",    "",     MeteringClass.Math,            OpcodeFlags.None);
        Row(Opcode.F64Add,              "f64.add",             ImmediateKind.None,         OpcodeFamily.FloatBinary,        64, "FF",  "F",    "",    "",     MeteringClass.Math,            OpcodeFlags.None);
        Row(Opcode.F64Sub,              "f64.sub",             ImmediateKind.None,         OpcodeFamily.FloatBinary,        64, "FF",  "F",    "",    "",     MeteringClass.Math,            OpcodeFlags.None);
        Row(Opcode.F64Mul,              "f64.mul",             ImmediateKind.None,         OpcodeFamily.FloatBinary,        64, "FF",  "F",    "",    "",     MeteringClass.Math,            OpcodeFlags.None);
        Row(Opcode.F64Div,              "f64.div",             ImmediateKind.None,         OpcodeFamily.FloatBinary,        64, "FF",  "F",    "",    "",     MeteringClass.Math,            OpcodeFlags.None);
        Row(Opcode.F64Min,              "f64.min",             ImmediateKind.None,         OpcodeFamily.FloatBinary,        64, "FF",  "F",    "",    "",     MeteringClass.Math,            OpcodeFlags.None);
        Row(Opcode.F64Max,              "f64.max",             ImmediateKind.None,         OpcodeFamily.FloatBinary,        64, "FF",  "F",    "",    "",     MeteringClass.Math,            OpcodeFlags.None);
        Row(Opcode.F64Copysign,         "f64.copysign",        ImmediateKind.None,         OpcodeFamily.FloatBinary,        64, "FF",  "F",    "",    "",     MeteringClass.Math,            OpcodeFlags.None);
        Row(Opcode.I32WrapI64,          "i32.wrap_i64",        ImmediateKind.None,         OpcodeFamily.IntegerUnary,       64, "I",   "i",    "",    "",     MeteringClass.Default,         OpcodeFlags.None);
        Row(Opcode.I32TruncF32S,        "i32.trunc_f32_s",     ImmediateKind.None,         OpcodeFamily.Truncation,         32, "f",   "i",    "",    "",     MeteringClass.Math,            OpcodeFlags.Signed);
        Row(Opcode.I32TruncF32U,        "i32.trunc_f32_u",     ImmediateKind.None,         OpcodeFamily.Truncation,         32, "f",   "i",    "",    "",     MeteringClass.Math,            OpcodeFlags.None);
        Row(Opcode.I32TruncF64S,        "i32.trunc_f64_s",     ImmediateKind.None,         OpcodeFamily.Truncation,         64, "F",   "i",    "",    "",     MeteringClass.Math,            OpcodeFlags.Signed);
        Row(Opcode.I32TruncF64U,        "i32.trunc_f64_u",     ImmediateKind.None,         OpcodeFamily.Truncation,         64, "F",   "i",    "",    "",     MeteringClass.Math,            OpcodeFlags.None);
        Row(Opcode.I64ExtendI32S,       "i64.extend_i32_s",    ImmediateKind.None,         OpcodeFamily.IntegerUnary,       32, "i",   "I",    "",    "",     MeteringClass.Math,            OpcodeFlags.Signed);
        Row(Opcode.I64ExtendI32U,       "i64.extend_i32_u",    ImmediateKind.None,         OpcodeFamily.Reinterpretation,   32, "i",   "I",    "",    "",     MeteringClass.Default,         OpcodeFlags.None);
        Row(Opcode.I64TruncF32S,        "i64.trunc_f32_s",     ImmediateKind.None,         OpcodeFamily.Truncation,         32, "f",   "I",    "",    "",     MeteringClass.Math,            OpcodeFlags.Signed);
        Row(Opcode.I64TruncF32U,        "i64.trunc_f32_u",     ImmediateKind.None,         OpcodeFamily.Truncation,         32, "f",   "I",    "",    "",     MeteringClass.Math,            OpcodeFlags.None);
        Row(Opcode.I64TruncF64S,        "i64.trunc_f64_s",     ImmediateKind.None,         OpcodeFamily.Truncation,         64, "F",   "I",    "",    "",     MeteringClass.Math,            OpcodeFlags.Signed);
        Row(Opcode.I64TruncF64U,        "i64.trunc_f64_u",     ImmediateKind.None,         OpcodeFamily.Truncation,         64, "F",   "I",    "",    "",     MeteringClass.Math,            OpcodeFlags.None);
        Row(Opcode.F32ConvertI32S,      "f32.convert_i32_s",   ImmediateKind.None,         OpcodeFamily.Conversion,         32, "i",   "f",    "",    "",     MeteringClass.Math,            OpcodeFlags.Signed);
        Row(Opcode.F32ConvertI32U,      "f32.convert_i32_u",   ImmediateKind.None,         OpcodeFamily.Conversion,         32, "i",   "f",    "",    "",     MeteringClass.Math,            OpcodeFlags.None);
        Row(Opcode.F32ConvertI64S,      "f32.convert_i64_s",   ImmediateKind.None,         OpcodeFamily.Conversion,         64, "I",   "f",    "",    "",     MeteringClass.Math,            OpcodeFlags.Signed);
        Row(Opcode.F32ConvertI64U,      "f32.convert_i64_u",   ImmediateKind.None,         OpcodeFamily.Conversion,         64, "I",   "f",    "",    "",     MeteringClass.Math,            OpcodeFlags.None);
        Row(Opcode.F32DemoteF64,        "f32.demote_f64",      ImmediateKind.None,         OpcodeFamily.FloatUnary,         64, "F",   "f",    "",    "",     MeteringClass.Math,            OpcodeFlags.None);
        Row(Opcode.F64ConvertI32S,      "f64.convert_i32_s",   ImmediateKind.None,         OpcodeFamily.Conversion,         32, "i",   "F",    "",    "",     MeteringClass.Math,            OpcodeFlags.Signed);
        Row(Opcode.F64ConvertI32U,      "f64.convert_i32_u",   ImmediateKind.None,         OpcodeFamily.Conversion,         32, "i",   "F",    "",    "",     MeteringClass.Math,            OpcodeFlags.None);
        Row(Opcode.F64ConvertI64S,      "f64.convert_i64_s",   ImmediateKind.None,         OpcodeFamily.Conversion,         64, "I",   "F",    "",    "",     MeteringClass.Math,            OpcodeFlags.Signed);
        Row(Opcode.F64ConvertI64U,      "f64.convert_i64_u",   ImmediateKind.None,         OpcodeFamily.Conversion,         64, "I",   "F",    "",    "",     MeteringClass.Math,            OpcodeFlags.None);
        Row(Opcode.F64PromoteF32,       "f64.promote_f32",     ImmediateKind.None,         OpcodeFamily.FloatUnary,         32, "f",   "F",    "",    "",     MeteringClass.Math,            OpcodeFlags.None);
        Row(Opcode.I32ReinterpretF32,   "i32.reinterpret_f32", ImmediateKind.None,         OpcodeFamily.Reinterpretation,   32, "f",   "i",    "",    "",     MeteringClass.Default,         OpcodeFlags.None);
        Row(Opcode.I64ReinterpretF64,   "i64.reinterpret_f64", ImmediateKind.None,         OpcodeFamily.Reinterpretation,   64, "F",   "I",    "",    "",     MeteringClass.Default,         OpcodeFlags.None);
        Row(Opcode.F32ReinterpretI32,   "f32.reinterpret_i32", ImmediateKind.None,         OpcodeFamily.Reinterpretation,   32, "i",   "f",    "",    "",     MeteringClass.Default,         OpcodeFlags.None);
        Row(Opcode.F64ReinterpretI64,   "f64.reinterpret_i64", ImmediateKind.None,         OpcodeFamily.Reinterpretation,   64, "I",   "F",    "",    "",     MeteringClass.Default,         OpcodeFlags.None);
        Row(Opcode.I32Extend8S,         "i32.extend8_s",       ImmediateKind.None,         OpcodeFamily.IntegerUnary,       32, "i",   "i",    "",    "",     MeteringClass.Math,            OpcodeFlags.Signed);
        Row(Opcode.I32Extend16S,        "i32.extend16_s",      ImmediateKind.None,         OpcodeFamily.IntegerUnary,       32, "i",   "i",    "",    "",     MeteringClass.Math,            OpcodeFlags.Signed);
        Row(Opcode.I64Extend8S,         "i64.extend8_s",       ImmediateKind.None,         OpcodeFamily.IntegerUnary,       64, "I",   "I",    "",    "",     MeteringClass.Math,            OpcodeFlags.Signed);
        Row(Opcode.I64Extend16S,        "i64.extend16_s",      ImmediateKind.None,         OpcodeFamily.IntegerUnary,       64, "I",   "I",    "",    "",     MeteringClass.Math,            OpcodeFlags.Signed);
        Row(Opcode.I64Extend32S,        "i64.extend32_s",      ImmediateKind.None,         OpcodeFamily.IntegerUnary,       64, "I",   "I",    "",    "",     MeteringClass.Math,            OpcodeFlags.Signed);
        Row(Opcode.RefNull,             "ref.null",            ImmediateKind.HeapType,     OpcodeFamily.Reference,           0, "",    "r",    "",    "",     MeteringClass.Default,         OpcodeFlags.None);
        Row(Opcode.RefFunc,             "ref.func",            ImmediateKind.Index,        OpcodeFamily.Reference,           0, "",    "r",    "",    "",     MeteringClass.Default,         OpcodeFlags.None);
        Row(Opcode.I32TruncSatF32S,     "i32.trunc_sat_f32_s", ImmediateKind.None,         OpcodeFamily.Truncation,         32, "f",   "i",    "",    "",     MeteringClass.Math,            OpcodeFlags.Signed | OpcodeFlags.Saturates);
        Row(Opcode.I32TruncSatF32U,     "i32.trunc_sat_f32_u", ImmediateKind.None,         OpcodeFamily.Truncation,         32, "f",   "i",    "",    "",     MeteringClass.Math,            OpcodeFlags.Saturates);
        Row(Opcode.I32TruncSatF64S,     "i32.trunc_sat_f64_s", ImmediateKind.None,         OpcodeFamily.Truncation,         64, "F",   "i",    "",    "",     MeteringClass.Math,            OpcodeFlags.Signed | OpcodeFlags.Saturates);
        Row(Opcode.I32TruncSatF64U,     "i32.trunc_sat_f64_u", ImmediateKind.None,         OpcodeFamily.Truncation,         64, "F",   "i",    "",    "",     MeteringClass.Math,            OpcodeFlags.Saturates);
        Row(Opcode.I64TruncSatF32S,     "i64.trunc_sat_f32_s", ImmediateKind.None,         OpcodeFamily.Truncation,         32, "f",   "I",    "",    "",     MeteringClass.Math,            OpcodeFlags.Signed | OpcodeFlags.Saturates);
        Row(Opcode.I64TruncSatF32U,     "i64.trunc_sat_f32_u", ImmediateKind.None,         OpcodeFamily.Truncation,         32, "f",   "I",    "",    "",     MeteringClass.Math,            OpcodeFlags.Saturates);
        Row(Opcode.I64TruncSatF64S,     "i64.trunc_sat_f64_s", ImmediateKind.None,         OpcodeFamily.Truncation,         64, "F",   "I",    "",    "",     MeteringClass.Math,            OpcodeFlags.Signed | OpcodeFlags.Saturates);
        Row(Opcode.I64TruncSatF64U,     "i64.trunc_sat_f64_u", ImmediateKind.None,         OpcodeFamily.Truncation,         64, "F",   "I",    "",    "",     MeteringClass.Math,            OpcodeFlags.Saturates);
        Row(Opcode.MemoryInit,          "memory.init",         ImmediateKind.DataSegment,  OpcodeFamily.Memory,              0, "iii", "",     "s",   "m",    MeteringClass.MemoryCopy,      OpcodeFlags.NeedsRuntime);
        Row(Opcode.DataDrop,            "data.drop",           ImmediateKind.Index,        OpcodeFamily.Memory,              0, "",    "",     "",    "s",    MeteringClass.Default,         OpcodeFlags.None);
        Row(Opcode.MemoryCopy,          "memory.copy",         ImmediateKind.TwoMemories,  OpcodeFamily.Memory,              0, "iii", "",     "m",   "m",    MeteringClass.MemoryCopy,      OpcodeFlags.NeedsRuntime);
        Row(Opcode.MemoryFill,          "memory.fill",         ImmediateKind.MemoryIndex,  OpcodeFamily.Memory,              0, "iii", "",     "",    "m",    MeteringClass.MemoryFill,      OpcodeFlags.NeedsRuntime);
        Row(Opcode.TableInit,           "table.init",          ImmediateKind.TwoIndices,   OpcodeFamily.Table,               0, "iii", "",     "s",   "t",    MeteringClass.TableCopy,       OpcodeFlags.NeedsRuntime);
        Row(Opcode.ElemDrop,            "elem.drop",           ImmediateKind.Index,        OpcodeFamily.Table,               0, "",    "",     "",    "s",    MeteringClass.Default,         OpcodeFlags.None);
        Row(Opcode.TableCopy,           "table.copy",          ImmediateKind.TwoIndices,   OpcodeFamily.Table,               0, "iii", "",     "t",   "t",    MeteringClass.TableCopy,       OpcodeFlags.NeedsRuntime);
        Row(Opcode.TableGrow,           "table.grow",          ImmediateKind.Index,        OpcodeFamily.Table,               0, "ri",  "i",    "z",   "z",    MeteringClass.TableFill,       OpcodeFlags.NeedsRuntime);
        Row(Opcode.TableSize,           "table.size",          ImmediateKind.Index,        OpcodeFamily.Table,               0, "",    "i",    "z",   "",     MeteringClass.Default,         OpcodeFlags.None);
        Row(Opcode.TableFill,           "table.fill",          ImmediateKind.Index,        OpcodeFamily.Table,               0, "iri", "",     "",    "t",    MeteringClass.TableFill,       OpcodeFlags.NeedsRuntime);
#pragma warning restore format

        return table;
    }
}
