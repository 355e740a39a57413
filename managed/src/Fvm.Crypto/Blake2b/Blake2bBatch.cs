namespace Fvm.Crypto;

/// <summary>
/// BLAKE2b-256 of many messages. One message is a chain of dependent steps that leaves most of the processor idle; several messages, one per
/// lane of a vector register, take hardly longer than one.
/// </summary>
public static class Blake2bBatch
{
    private const int MostOnStack = 256;

    /// <summary>Writes the digests of all messages, in their order.</summary>
    /// <param name="messages">The messages, of any lengths.</param>
    /// <param name="digests">Receives 32 bytes per message.</param>
    /// <exception cref="ArgumentException"><paramref name="digests"/> is too short.</exception>
    public static void Hash256(ReadOnlySpan<ReadOnlyMemory<byte>> messages, Span<byte> digests) =>
        Hash256(messages, digests, Blake2bLanes.Count);

    /// <summary>Writes the digests of messages that lie in several parts each, in their order.</summary>
    /// <param name="parts">The parts of the first message, then those of the second, …</param>
    /// <param name="ends">Per message, the number of parts up to its end; not decreasing.</param>
    /// <param name="digests">Receives 32 bytes per message.</param>
    /// <exception cref="ArgumentException"><paramref name="digests"/> is too short.</exception>
    public static void Hash256(ReadOnlySpan<ReadOnlyMemory<byte>> parts, ReadOnlySpan<int> ends, Span<byte> digests) =>
        Hash256(parts, ends, digests, Blake2bLanes.Count);

    /// <summary>The same with a number of lanes, one that the processor has.</summary>
    internal static void Hash256(ReadOnlySpan<ReadOnlyMemory<byte>> messages, Span<byte> digests, int lanes)
    {
        Span<int> ends = messages.Length <= MostOnStack ? stackalloc int[messages.Length] : new int[messages.Length];
        for (int index = 0; index < ends.Length; index++)
        {
            ends[index] = index + 1;
        }

        Hash256(messages, ends, digests, lanes);
    }

    /// <summary>The same with a number of lanes, one that the processor has.</summary>
    internal static void Hash256(ReadOnlySpan<ReadOnlyMemory<byte>> parts, ReadOnlySpan<int> ends, Span<byte> digests, int lanes)
    {
        if (digests.Length / Blake2b.Size256 < ends.Length)
        {
            throw new ArgumentException($"{ends.Length} digests need {Blake2b.Size256} bytes each.", nameof(digests));
        }

        if (lanes > 1 && ends.Length >= Blake2bSchedule.FewestLanes)
        {
            new Blake2bSchedule(
                lanes, parts, ends, digests, stackalloc byte[Blake2bSchedule.InputBytes], stackalloc ulong[Blake2bSchedule.StateWords]).Run();
            return;
        }

        int part = 0;
        for (int index = 0; index < ends.Length; index++)
        {
            Blake2bHasher hasher = new(Blake2b.Size256);
            for (; part < ends[index]; part++)
            {
                hasher.Update(parts[part].Span);
            }

            hasher.Finish(digests.Slice(index * Blake2b.Size256, Blake2b.Size256));
        }
    }
}
