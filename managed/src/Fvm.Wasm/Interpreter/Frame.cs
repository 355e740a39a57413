namespace Fvm.Wasm;

/// <summary>Return information of a call.</summary>
// Sound: ReturnTo points into code that lives as long as its module's, and Slots into the stack that the frame itself lies in.
internal unsafe struct Frame
{
    /// <summary>Return address in the caller's code; null for the function called by the host.</summary>
    public Instruction* ReturnTo;

    /// <summary>The caller's slots.</summary>
    public ulong* Slots;

    /// <summary>Stack height released by the return.</summary>
    public int StackCost;

    /// <summary>Counted bytes of machine stack released by the return.</summary>
    public int FrameBytes;
}
