namespace Fvm.Crypto;

/// <summary>
/// BLAKE2b-256 of many messages. One message is a chain of dependent steps that leaves most of the processor idle; several messages, one per
/// lane of a vector register, take hardly longer than one.
/// </summary>
public static class Blake2bBatch
{
    /// <summary>Writes the digests of all messages, in their order.</summary>
    /// <param name="messages">The messages, of any lengths.</param>
    /// <param name="digests">Receives 32 bytes per message.</param>
    /// <exception cref="ArgumentException"><paramref name="digests"/> is too short.</exception>
    public static void Hash256(ReadOnlySpan<ReadOnlyMemory<byte>> messages, Span<byte> digests) =>
        Hash256(messages, digests, inLanes: Blake2bLanes.Count > 1);

    /// <summary>The same with a choice of the implementation.</summary>
    internal static void Hash256(ReadOnlySpan<ReadOnlyMemory<byte>> messages, Span<byte> digests, bool inLanes)
    {
        if (digests.Length / Blake2b.Size256 < messages.Length)
        {
            throw new ArgumentException($"{messages.Length} digests need {Blake2b.Size256} bytes each.", nameof(digests));
        }

        if (inLanes && messages.Length >= Blake2bSchedule.FewestLanes)
        {
            new Blake2bSchedule(
                messages, digests, stackalloc byte[Blake2bSchedule.InputBytes], stackalloc ulong[Blake2bSchedule.StateWords]).Run();
            return;
        }

        for (int index = 0; index < messages.Length; index++)
        {
            Blake2b.Hash256(messages[index].Span, digests.Slice(index * Blake2b.Size256, Blake2b.Size256));
        }
    }
}
