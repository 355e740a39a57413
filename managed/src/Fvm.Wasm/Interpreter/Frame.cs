namespace Fvm.Wasm;

/// <summary>What a call must remember of its caller.</summary>
internal unsafe struct Frame
{
    /// <summary>Where the caller goes on; null for the function that the host called.</summary>
    public Instruction* ReturnTo;

    /// <summary>The caller's slots.</summary>
    public ulong* Slots;

    /// <summary>By how much the return lowers the counted stack.</summary>
    public int StackCost;

    /// <summary>By how much the return lowers the counted bytes.</summary>
    public int FrameBytes;
}
