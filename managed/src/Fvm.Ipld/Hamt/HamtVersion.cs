// Encodings of HAMT nodes.
namespace Fvm.Ipld;

/// <summary>How the pointers of a HAMT node are encoded.</summary>
public enum HamtVersion
{
    /// <summary>As a map of one pair, {"0": link} or {"1": bucket}: the state of actors before version 3.</summary>
    V0,

    /// <summary>By kind, a link or an array: all state since.</summary>
    V3,
}
