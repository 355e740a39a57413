namespace Fvm.Wasm;

/// <summary>Machine code that refers to places of a code segment and is not yet at its own place in it.</summary>
internal interface IMachineCode
{
    /// <summary>Its bytes.</summary>
    int Size { get; }

    /// <summary>Completes the references and copies the code to where it will stay. Once only.</summary>
    /// <param name="target">Where to write it.</param>
    /// <param name="place">Its place in the segment, in bytes from the first byte of code.</param>
    // Sound: declares only; the target has room for Size bytes.
    unsafe void CopyTo(byte* target, int place);
}
