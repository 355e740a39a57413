namespace Fvm.Wasm.Module;

/// <summary>What is known of one instruction.</summary>
/// <param name="Opcode">Its number.</param>
/// <param name="Name">Its name in the text format.</param>
/// <param name="Immediates">The form of its immediates.</param>
/// <param name="Pops">Operand types popped, the deepest first: i, I, f, F, r for i32, i64, f32, f64, funcref, and * for any one type.</param>
/// <param name="Pushes">Operand types pushed, in the same letters.</param>
/// <param name="Metering">How it is priced.</param>
public sealed record OpcodeInfo(
    Opcode Opcode, string Name, ImmediateKind Immediates, string Pops, string Pushes, MeteringClass Metering)
{
    /// <summary>The type that a letter of <see cref="Pops"/> or <see cref="Pushes"/> stands for; <see cref="ValueKind.Empty"/> for *.</summary>
    public static ValueKind TypeOf(char letter) => letter switch
    {
        'i' => ValueKind.I32,
        'I' => ValueKind.I64,
        'f' => ValueKind.F32,
        'F' => ValueKind.F64,
        'r' => ValueKind.FuncRef,
        _ => ValueKind.Empty,
    };
}
