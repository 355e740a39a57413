using System.Globalization;
using Fvm.Wasm;

namespace Fvm.Slowest;

/// <summary>
/// Loops over numeric instructions, by kinds of operands. Operands come from memory and vary by a zero unknown to the compiler; results are
/// accumulated and stored. Thus no computation can be hoisted, folded or eliminated.
/// </summary>
internal static class NumericLoops
{
    private const int X = 2;
    private const int Y = 3;
    private const int Zero = 4;
    private const int Sum = 5;
    private const int InARow = 8;
    private const int Repeats = 4;

    public static IEnumerable<Loop> All => Opcodes.All.Where(IsNumeric).SelectMany(Of);

    private static bool IsNumeric(OpcodeInfo info) =>
        info.Immediates == ImmediateKind.None && info.Pushes.Length == 1 && info.Pops.Length is 1 or 2 && !info.Pops.Contains('*') && info.Pushes != "r";

    private static IEnumerable<Loop> Of(OpcodeInfo info) =>
        from operands in OperandsOf(info) select Of(info, operands);

    private static IReadOnlyList<Operands> OperandsOf(OpcodeInfo info)
    {
        bool divides = info.Name.Contains(".div_", StringComparison.Ordinal) || info.Name.Contains(".rem_", StringComparison.Ordinal);
        return (info.Pops[0], info.Name) switch
        {
            ('i', _) when divides => Operands.Divisions32,
            ('I', _) when divides => Operands.Divisions64,
            ('i', _) => Operands.Integers32,
            ('I', "f32.convert_i64_u" or "f64.convert_i64_u") => Operands.Conversions64,
            ('I', _) => Operands.Integers64,
            (_, string name) when name.Contains(".trunc_f", StringComparison.Ordinal) => Operands.Truncations,
            (_, string name) when name.Contains(".trunc_sat_f", StringComparison.Ordinal) => Operands.Saturations,
            _ => Operands.Floats,
        };
    }

    private static Loop Of(OpcodeInfo info, Operands operands)
    {
        char type = info.Pops[0];
        bool binary = info.Pops.Length == 2;

        // The operand of the instruction: its bits, with an opaque zero added each time.
        string take = $"local.get {X} local.get {Zero} i64.add local.tee {X} {FromBits(type)} ";
        string operation = binary ? $"local.get {Y} {info.Name} " : $"{info.Name} ";

        // Floats only: the reference's compiler applies integer algebra, and merges (x rotr y) rotr y into one instruction, or hoists y *
        // y. That says nothing about the duration of an instruction.
        bool chains = binary && type is 'f' or 'F' && info.Pushes[0] == type;
        string row = string.Concat(Enumerable.Repeat(operation, chains ? InARow : 1));
        string gather = $"{ToBits(info.Pushes[0])} local.get {Sum} i64.add local.set {Sum} ";
        return new Loop($"{info.Name}{operands.Name}", string.Concat(Enumerable.Repeat(take + row + gather, Repeats)))
        {
            Locals = $"I{type}I2",
            Setup = string.Create(
                CultureInfo.InvariantCulture,
                $"i32.const {LoopActor.Data} i64.load local.set {X} i32.const {LoopActor.Data + 8} i64.load {FromBits(type)} local.set {Y} i32.const {LoopActor.Data + 16} i64.load local.set {Zero}"),
            After = $"i32.const {LoopActor.Result} local.get {Sum} i64.store",
            Content = [.. BitConverter.GetBytes(operands.X(type)), .. BitConverter.GetBytes(operands.Y(type)), .. new byte[8]],
        };
    }

    private static string FromBits(char type) => type switch
    {
        'i' => "i32.wrap_i64",
        'I' => "",
        'f' => "i32.wrap_i64 f32.reinterpret_i32",
        _ => "f64.reinterpret_i64",
    };

    private static string ToBits(char type) => type switch
    {
        'i' => "i64.extend_i32_u",
        'I' => "",
        'f' => "i32.reinterpret_f32 i64.extend_i32_u",
        _ => "i64.reinterpret_f64",
    };
}
