namespace Fvm.Wasm;

/// <summary>The mode of a segment: when it is written.</summary>
public enum SegmentMode : byte
{
    /// <summary>At instantiation, at its offset.</summary>
    Active,

    /// <summary>By <c>memory.init</c> or <c>table.init</c>.</summary>
    Passive,

    /// <summary>Never: it only declares references.</summary>
    Declared,
}
