namespace Fvm.Hosting;

/// <summary>
/// A semaphore that bounds how many messages compute at once if there are more lanes than the processors can serve: lanes are for waiting for
/// the host. Without it, hundreds of unfinished messages would hold the memory of all their nested calls while time-slicing.
/// </summary>
/// <param name="messages">How many messages may compute at once.</param>
public sealed class ProcessorShare(int messages) : IDisposable
{
    // More than the number of processors, so that none idles during a hand-over.
    private const int PerProcessor = 2;

    private readonly NativeSemaphore _free = new(messages);

    /// <summary>The bound for a number of lanes; null if they need none.</summary>
    public static ProcessorShare? For(int lanes, int processors) =>
        lanes > processors * PerProcessor ? new ProcessorShare(processors * PerProcessor) : null;

    /// <summary>Waits for a share.</summary>
    public void Take() => _free.Take();

    /// <summary>Releases the share.</summary>
    public void Give() => _free.Give();

    /// <inheritdoc/>
    public void Dispose() => _free.Dispose();
}
