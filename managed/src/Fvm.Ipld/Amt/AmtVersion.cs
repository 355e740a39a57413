namespace Fvm.Ipld;

/// <summary>The encoding of an AMT's root; nodes are encoded the same in both.</summary>
public enum AmtVersion
{
    /// <summary>Without the bit width, which is 3: the state of actors before version 3, and block headers.</summary>
    V0,

    /// <summary>With the bit width.</summary>
    V3,
}
