// Compares messages by their bytes.
namespace Fvm.Crypto;

/// <summary>Equality of memory by content; the hash is seeded per process, so messages cannot be made to collide.</summary>
internal sealed class ContentComparer : IEqualityComparer<ReadOnlyMemory<byte>>
{
    public static readonly ContentComparer Instance = new();

    public bool Equals(ReadOnlyMemory<byte> x, ReadOnlyMemory<byte> y) => x.Span.SequenceEqual(y.Span);

    public int GetHashCode(ReadOnlyMemory<byte> message)
    {
        HashCode hash = default;
        hash.AddBytes(message.Span);
        return hash.ToHashCode();
    }
}
