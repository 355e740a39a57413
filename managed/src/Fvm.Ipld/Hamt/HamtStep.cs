namespace Fvm.Ipld;

/// <summary>What a node of a HAMT has in the place of a key.</summary>
public enum HamtStep
{
    /// <summary>Neither the key nor a node below.</summary>
    Absent,

    /// <summary>A node below.</summary>
    Link,

    /// <summary>The key.</summary>
    Value,

    /// <summary>The block is no such node.</summary>
    Malformed,
}
