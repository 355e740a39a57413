namespace Fvm;

/// <summary>Receives artifacts (named files) of actors in debug mode.</summary>
public interface IArtifactStore
{
    /// <summary>Stores an artifact. Must not throw.</summary>
    /// <param name="origin">The message's sender.</param>
    /// <param name="nonce">The message's nonce.</param>
    /// <param name="actor">The storing actor.</param>
    /// <param name="invocation">The number of actor invocations in the message so far.</param>
    /// <param name="name">A file name of at most 256 bytes, without separators and without a leading dot.</param>
    /// <param name="data">The content; valid only during the call.</param>
    void Store(ActorId origin, ulong nonce, ActorId actor, ulong invocation, string name, ReadOnlySpan<byte> data);
}
