namespace Fvm.Wasm;

/// <summary>Data of a defined function for its calls, in unmanaged memory, shared by all instances of a module.</summary>
// Sound: Code points into a block that InterpreterCode frees together with these entries.
internal unsafe struct FunctionEntry
{
    /// <summary>
    /// The first instruction; null before the first call. The word before it holds the frame's slots in its low half and the number of
    /// slots to clear in its high half: any thread that sees this pointer sees them too.
    /// </summary>
    public Instruction* Code;

    /// <summary>Stack height of a call.</summary>
    public uint StackCost;

    /// <summary>Bytes of the reference's machine stack per call; 0 if not counted.</summary>
    public int FrameBytes;

    /// <summary>Number of its parameters.</summary>
    public int Parameters;

    /// <summary>Milligas of an entry through an export or a table.</summary>
    public ulong ThunkCost;
}
