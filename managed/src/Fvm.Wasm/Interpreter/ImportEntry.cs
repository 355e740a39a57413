namespace Fvm.Wasm;

/// <summary>An import linked to a host function.</summary>
internal struct ImportEntry
{
    /// <summary>Index of the host function.</summary>
    public int HostIndex;

    /// <summary>Whether the result has 32 bits, so that the upper half of its slot must be cleared.</summary>
    public bool NarrowResult;
}
