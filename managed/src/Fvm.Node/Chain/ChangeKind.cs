namespace Fvm.Node;

/// <summary>The kinds of changes of a saved chain; part of its format.</summary>
internal enum ChangeKind
{
    /// <summary>A block, behind the last one.</summary>
    Append = 0,

    /// <summary>The last block, with another state behind it.</summary>
    ReplaceHead = 1,

    /// <summary>A number: the blocks behind it are taken off.</summary>
    Truncate = 2,

    /// <summary>A message that waits.</summary>
    AddWaiting = 3,

    /// <summary>The hash of a message that waits no longer.</summary>
    RemoveWaiting = 4,

    /// <summary>What is settled about the next block.</summary>
    SetNext = 5,

    /// <summary>The end of a whole chain.</summary>
    End = 6,
}
