// Encodings of AMT roots.
namespace Fvm.Ipld;

/// <summary>How the root of an AMT is encoded; the nodes are the same.</summary>
public enum AmtVersion
{
    /// <summary>Without the bit width, which is 3: the state of actors before version 3, and block headers.</summary>
    V0,

    /// <summary>With the bit width.</summary>
    V3,
}
