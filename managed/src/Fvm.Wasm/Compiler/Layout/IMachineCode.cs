namespace Fvm.Wasm;

/// <summary>Relocatable machine code: it refers to positions in a code segment, but is not yet at its own.</summary>
internal interface IMachineCode
{
    /// <summary>Size in bytes.</summary>
    int Size { get; }

    /// <summary>Applies the relocations and copies the code to its final position. At most once.</summary>
    /// <param name="target">The memory to write to.</param>
    /// <param name="place">Final position, in bytes from the segment's first byte of code.</param>
    // Sound: declares only; the target has room for Size bytes.
    unsafe void CopyTo(byte* target, int place);
}
