namespace Fvm;

/// <summary>Where actors in debug mode leave named files.</summary>
public interface IArtifactStore
{
    /// <summary>Takes an artifact. Must not throw.</summary>
    /// <param name="origin">The message's sender.</param>
    /// <param name="nonce">The message's sequence number.</param>
    /// <param name="actor">The actor that stores it.</param>
    /// <param name="invocation">How many actors the message had invoked by then.</param>
    /// <param name="name">A file name of at most 256 bytes, without separators and without a leading dot.</param>
    /// <param name="data">The content; good only during the call.</param>
    void Store(ActorId origin, ulong nonce, ActorId actor, ulong invocation, string name, ReadOnlySpan<byte> data);
}
