namespace Fvm.Wasm;

/// <summary>Location of an operand of the Wasm stack at translation time.</summary>
internal enum SlotOperandKind : byte
{
    /// <summary>In the slot of its stack position.</summary>
    Temporary,

    /// <summary>Still in a local, unchanged since the read.</summary>
    Local,

    /// <summary>A constant without a slot.</summary>
    Constant,
}

/// <summary>An operand of the Wasm stack.</summary>
/// <param name="Kind">Its location.</param>
/// <param name="Slot">The local's slot.</param>
/// <param name="Value">The constant.</param>
internal readonly record struct SlotOperand(SlotOperandKind Kind, int Slot, ulong Value);
