namespace Fvm.Wasm;

/// <summary>One row of the instruction table.</summary>
/// <param name="Opcode">Its number.</param>
/// <param name="Name">Its name in the text format.</param>
/// <param name="Immediates">The form of its immediates.</param>
/// <param name="Family">Its family.</param>
/// <param name="Width">Bits of its memory access or, without one, of its numeric operands; 0 otherwise.</param>
/// <param name="Pops">Operand types popped, the deepest first: i, I, f, F, r for i32, i64, f32, f64, funcref, and * for any one type.</param>
/// <param name="Pushes">Operand types pushed, in the same letters.</param>
/// <param name="Reads">State read.</param>
/// <param name="Writes">State written.</param>
/// <param name="Metering">Its price class.</param>
/// <param name="Flags">Further properties.</param>
public sealed record OpcodeInfo(
    Opcode Opcode, string Name, ImmediateKind Immediates, OpcodeFamily Family, byte Width, string Pops, string Pushes, OpcodeState Reads,
    OpcodeState Writes, MeteringClass Metering, OpcodeFlags Flags)
{
    /// <summary>The type of a letter of <see cref="Pops"/> or <see cref="Pushes"/>; <see cref="ValueKind.Empty"/> for *.</summary>
    public static ValueKind TypeOf(char letter) => letter switch
    {
        'i' => ValueKind.I32,
        'I' => ValueKind.I64,
        'f' => ValueKind.F32,
        'F' => ValueKind.F64,
        'r' => ValueKind.FuncRef,
        _ => ValueKind.Empty,
    };

    /// <summary>The state by its letters: l, g, m, t, s, z for local, global, memory, table, segments, sizes, and * for all.</summary>
    internal static OpcodeState StateOf(string letters)
    {
        OpcodeState state = OpcodeState.None;
        foreach (char letter in letters)
        {
            state |= letter switch
            {
                'l' => OpcodeState.Local,
                'g' => OpcodeState.Global,
                'm' => OpcodeState.Memory,
                't' => OpcodeState.Table,
                's' => OpcodeState.Segments,
                'z' => OpcodeState.Sizes,
                '*' => OpcodeState.All,
                _ => throw new ArgumentException($"'{letter}' stands for no state", nameof(letters)),
            };
        }

        return state;
    }
}
