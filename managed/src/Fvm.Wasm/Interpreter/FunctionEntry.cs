namespace Fvm.Wasm;

/// <summary>What calls need to know of a defined function. In unmanaged memory, shared by all instances of a module.</summary>
internal unsafe struct FunctionEntry
{
    /// <summary>
    /// The first instruction; null before the first call. The word before it has the frame's slots in its low half and the number of slots
    /// to clear in its high half: reached through this pointer, they are seen by each thread that sees it.
    /// </summary>
    public Instruction* Code;

    /// <summary>What a call adds to the counted stack.</summary>
    public uint StackCost;

    /// <summary>Bytes that a call takes of the reference's machine stack; 0 where nobody counts them.</summary>
    public int FrameBytes;

    /// <summary>Number of its parameters.</summary>
    public int Parameters;

    /// <summary>Milligas of entering through an export or a table.</summary>
    public ulong ThunkCost;
}
