using System.Buffers.Binary;

namespace Fvm.Ipld.Tests;

/// <summary>
/// Mutates a copy of bytes: bit flips, replacements, truncations, insertions, repetitions, and heads with excessive lengths.
/// </summary>
internal sealed class Mutator(int seed)
{
    private static readonly byte[] Telling =
        [0x00, 0x18, 0x1b, 0x40, 0x5b, 0x5f, 0x7b, 0x80, 0x9b, 0x9f, 0xa0, 0xbb, 0xd8, 0xf6, 0xfb, 0xff];
    private readonly Random _random = new(seed);

    public int Next(int bound) => _random.Next(bound);

    public byte[] Mutate(byte[] source)
    {
        byte[] bytes = [.. source];
        for (int count = 1 + _random.Next(3); count > 0 && bytes.Length > 0; count--)
        {
            bytes = MutateOnce(bytes);
        }

        return bytes;
    }

    private byte[] MutateOnce(byte[] bytes)
    {
        int at = _random.Next(bytes.Length);
        int length = 1 + _random.Next(Math.Min(16, bytes.Length - at));
        switch (_random.Next(9))
        {
            case 0:
                bytes[at] ^= (byte)(1 << _random.Next(8));
                return bytes;
            case 1:
                bytes[at] = (byte)_random.Next(256);
                return bytes;
            case 2:
                bytes[at] = Telling[_random.Next(Telling.Length)];
                return bytes;
            case 3:
                return bytes[..at];
            case 4:
                return [.. bytes.AsSpan(0, at), .. bytes.AsSpan(at + length)];
            case 5:
                return [.. bytes.AsSpan(0, at + length), .. bytes.AsSpan(at)];
            case 6:
                byte[] inserted = new byte[length];
                _random.NextBytes(inserted);
                return [.. bytes.AsSpan(0, at), .. inserted, .. bytes.AsSpan(at)];
            case 7:
                byte[] head = new byte[9];
                head[0] = (byte)((_random.Next(8) << 5) | 27);
                BinaryPrimitives.WriteUInt64BigEndian(head.AsSpan(1), ulong.MaxValue >> _random.Next(64));
                return [.. bytes.AsSpan(0, at), .. head, .. bytes.AsSpan(at)];
            default:
                bytes.AsSpan(at, length).Fill(0xff);
                return bytes;
        }
    }
}
