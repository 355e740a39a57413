namespace Fvm.Ipld;

/// <summary>The encoding of a HAMT node's pointers.</summary>
public enum HamtVersion
{
    /// <summary>As a map of one pair, {"0": link} or {"1": bucket}: the state of actors before version 3.</summary>
    V0,

    /// <summary>By kind, a link or an array: all state since.</summary>
    V3,
}
