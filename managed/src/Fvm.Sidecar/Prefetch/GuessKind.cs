namespace Fvm.Sidecar;

/// <summary>Why a block is thought to be wanted soon. Each kind goes on as long as enough of its blocks are.</summary>
internal enum GuessKind
{
    /// <summary>On the way to an actor that the machine will look up.</summary>
    Path,

    /// <summary>On the way to an actor whose address is in the parameters.</summary>
    Parameter,

    /// <summary>The state of an actor that will run, and what that links.</summary>
    State,

    /// <summary>Read by the last message to the same method of the same actor, or at the last creation.</summary>
    Again,

    /// <summary>Linked beside a block that is wanted, in one with few links.</summary>
    Sibling,

    /// <summary>The same, in one with more links.</summary>
    ManySiblings,
}
