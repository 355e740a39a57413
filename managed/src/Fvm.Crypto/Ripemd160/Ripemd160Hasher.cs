using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Fvm.Crypto;

/// <summary>
/// Streaming RIPEMD-160 (https://homes.esat.kuleuven.be/~bosselae/ripemd160.html). A mutable struct: keep it in one place (a local, a
/// field) and do not copy it while in use.
/// </summary>
internal struct Ripemd160Hasher
{
    private State _state;
    private Block _buffer;
    private int _buffered;
    private ulong _length;

    public Ripemd160Hasher()
    {
        _buffer = default;
        _buffered = 0;
        _length = 0;
        ReadOnlySpan<uint> initial = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0];
        initial.CopyTo(_state);
    }

    /// <summary>Appends <paramref name="data"/> to the message.</summary>
    public void Update(ReadOnlySpan<byte> data)
    {
        _length += (uint)data.Length;
        Span<byte> buffer = _buffer;
        while (_buffered + data.Length >= buffer.Length)
        {
            int taken = buffer.Length - _buffered;
            data[..taken].CopyTo(buffer[_buffered..]);
            Ripemd160Compression.Compress(_state, buffer);
            data = data[taken..];
            _buffered = 0;
        }

        data.CopyTo(buffer[_buffered..]);
        _buffered += data.Length;
    }

    /// <summary>Writes the digest to the start of <paramref name="digest"/>. The hasher must not be used afterwards.</summary>
    /// <exception cref="ArgumentException"><paramref name="digest"/> is shorter than 20 bytes.</exception>
    public void Finish(Span<byte> digest)
    {
        if (digest.Length < Ripemd160.Size)
        {
            throw new ArgumentException($"The digest needs {Ripemd160.Size} bytes.", nameof(digest));
        }

        // A one bit, zeros up to 8 bytes before the end of a block, the length in bits.
        Span<byte> padding = stackalloc byte[Ripemd160Compression.BlockBytes + 8];
        padding.Clear();
        padding[0] = 0x80;
        int zeros = (119 - _buffered) % Ripemd160Compression.BlockBytes;
        BinaryPrimitives.WriteUInt64LittleEndian(padding[(zeros + 1)..], _length * 8);
        Update(padding[..(zeros + 9)]);

        for (int i = 0; i < 5; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(digest[(4 * i)..], _state[i]);
        }
    }

    [InlineArray(5)]
    private struct State
    {
        private uint _word;
    }

    [InlineArray(Ripemd160Compression.BlockBytes)]
    private struct Block
    {
        private byte _byte;
    }
}
