namespace Fvm.Wasm;

/// <summary>An import that is linked to a host function.</summary>
internal struct ImportEntry
{
    /// <summary>The host's number.</summary>
    public int HostIndex;

    /// <summary>Whether the result is of 32 bits, so that the upper half of its slot must be cleared.</summary>
    public bool NarrowResult;
}
