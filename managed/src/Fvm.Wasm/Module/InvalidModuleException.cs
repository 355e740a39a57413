namespace Fvm.Wasm;

/// <summary>A module is malformed, invalid, past an implementation limit, or uses a feature that is off.</summary>
public sealed class InvalidModuleException : Exception
{
    /// <param name="problem">What is wrong, without the place.</param>
    /// <param name="section">The section's name, for example <c>code</c>.</param>
    /// <param name="offset">Byte offset in the module.</param>
    public InvalidModuleException(string problem, string section, int offset)
        : base($"{problem} (section {section}, offset 0x{offset:x})")
    {
        Section = section;
        Offset = offset;
    }

    /// <summary>Name of the section where the problem is.</summary>
    public string Section { get; }

    /// <summary>Byte offset in the module.</summary>
    public int Offset { get; }
}
