namespace Fvm.Hosting;

/// <summary>Work that has no thread before it has a share of the processors. Called by <see cref="ProcessorShare"/>, in its lock.</summary>
internal interface IQueuedWork
{
    /// <summary>The priority of the next work that could begin; null for none.</summary>
    LanePriority? Next { get; }

    /// <summary>The next work begins, with the share of the caller.</summary>
    /// <returns>False if there is none that can.</returns>
    bool TryTakeNext();

    /// <summary>Wakes a thread for it; called outside of the lock.</summary>
    void BeginNext();
}
