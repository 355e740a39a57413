namespace Fvm.Native;

/// <summary>
/// Bounds how many messages compute at once, where there are more lanes than processors could serve: lanes are for waiting for the host.
/// Without a bound, hundreds of half-done messages would each hold the memory of all their nested calls for as long as they take turns.
/// </summary>
/// <param name="messages">How many may compute at once.</param>
internal sealed class ProcessorShare(int messages) : IDisposable
{
    // Some more than there are processors, so that none idles while a message changes hands.
    private const int PerProcessor = 2;

    private readonly NativeSemaphore _free = new(messages);

    /// <summary>The bound for so many lanes; null where they need none.</summary>
    public static ProcessorShare? For(int lanes, int processors) =>
        lanes > processors * PerProcessor ? new ProcessorShare(processors * PerProcessor) : null;

    /// <summary>Waits until there is a share.</summary>
    public void Take() => _free.Take();

    /// <summary>Gives the share to whoever waits.</summary>
    public void Give() => _free.Give();

    /// <inheritdoc/>
    public void Dispose() => _free.Dispose();
}
