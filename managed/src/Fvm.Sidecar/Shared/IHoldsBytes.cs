namespace Fvm.Sidecar;

/// <summary>A session, as a holder of memory.</summary>
internal interface IHoldsBytes
{
    /// <summary>The size of its unfinished calls, shipped blocks and answers.</summary>
    long HeldBytes { get; }

    /// <summary>The size of the frames that its client has not read.</summary>
    long UnreadBytes { get; }
}
