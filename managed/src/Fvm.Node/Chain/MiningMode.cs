namespace Fvm.Node;

/// <summary>When blocks are made.</summary>
internal enum MiningMode
{
    /// <summary>As soon as a message arrives.</summary>
    Automatic,

    /// <summary>At fixed times.</summary>
    Interval,

    /// <summary>When a client asks for it.</summary>
    Manual,
}
