namespace Fvm.Sidecar;

/// <summary>
/// A connection with a thread of its own, which reads from the socket and goes on to what it has read, instead of waking other threads for it. What
/// other threads send by it they send themselves.
/// </summary>
internal interface IConnectionThread
{
    /// <summary>
    /// Takes the data of a stream of HTTP/2 out of what comes for Kestrel, from now on. Its headers, its end and its reset remain Kestrel's. The
    /// receiver tells what it has taken by <see cref="Consume"/>.
    /// </summary>
    /// <param name="stream">The stream's identifier.</param>
    /// <param name="receiver">Gets the data.</param>
    /// <returns>How many bytes of the stream Kestrel got before; null if the data cannot be taken.</returns>
    long? TryTap(int stream, IDataReceiver receiver);

    /// <summary>Ends <see cref="TryTap"/>.</summary>
    void EndTap(int stream);

    /// <summary>Lets the client send as many bytes again (WINDOW_UPDATE).</summary>
    /// <param name="stream">The stream's identifier.</param>
    /// <param name="bytes">Bytes of the stream that the connection's window may grow by, once there are enough.</param>
    /// <param name="ofStream">Bytes that the stream's own window grows by at once; 0 for none.</param>
    void Consume(int stream, int bytes, int ofStream);

    /// <summary>From now on the server's work that this thread causes is left to it, instead of the thread pool.</summary>
    /// <returns>False if another thread does that; else <see cref="Leave"/> must follow.</returns>
    bool TryEnter();

    /// <summary>Does that work.</summary>
    void Leave();
}
