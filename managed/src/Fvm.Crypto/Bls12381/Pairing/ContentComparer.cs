namespace Fvm.Crypto;

/// <summary>Equality of messages by content; the hash is seeded per process, so collisions cannot be crafted.</summary>
internal sealed class ContentComparer : IEqualityComparer<ReadOnlyMemory<byte>>
{
    public static readonly ContentComparer Instance = new();

    public bool Equals(ReadOnlyMemory<byte> x, ReadOnlyMemory<byte> y) => x.Span.SequenceEqual(y.Span);

    // Keyed: a caller chooses the messages.
    public int GetHashCode(ReadOnlyMemory<byte> message) => KeyedHash.ToHashCode(KeyedHash.Of(message.Span));
}
