namespace Fvm.Wasm;

/// <summary>Where an operand of the Wasm stack is at translation time.</summary>
internal enum SlotOperandKind : byte
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
internal readonly record struct SlotOperand(SlotOperandKind Kind, int Slot, ulong Value);
