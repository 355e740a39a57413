namespace Fvm.Wasm;

/// <summary>A module is malformed, invalid, past an implementation limit, or uses a disabled feature.</summary>
public sealed class InvalidModuleException : Exception
{
    /// <param name="problem">The problem, without its location.</param>
    /// <param name="section">The section's name, for example <c>code</c>.</param>
    /// <param name="offset">Byte offset in the module.</param>
    public InvalidModuleException(string problem, string section, int offset)
        : base($"{problem} (section {section}, offset 0x{offset:x})")
    {
        Section = section;
        Offset = offset;
    }

    /// <summary>Name of the section with the problem.</summary>
    public string Section { get; }

    /// <summary>Byte offset of the problem in the module.</summary>
    public int Offset { get; }
}
