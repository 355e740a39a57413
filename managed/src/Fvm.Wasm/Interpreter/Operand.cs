namespace Fvm.Wasm.Interpreter;

/// <summary>Where an operand of the Wasm stack is at translation time.</summary>
internal enum OperandKind : byte
{
    /// <summary>In the slot of its place on the stack.</summary>
    Temporary,

    /// <summary>Still in a local, which has not changed since it was read.</summary>
    Local,

    /// <summary>A constant that no slot holds yet.</summary>
    Constant,
}

/// <summary>An operand of the Wasm stack.</summary>
/// <param name="Kind">Where it is.</param>
/// <param name="Slot">The local's slot.</param>
/// <param name="Value">The constant.</param>
internal readonly record struct Operand(OperandKind Kind, int Slot, ulong Value);
