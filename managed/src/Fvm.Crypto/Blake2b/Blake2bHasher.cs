using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Fvm.Crypto;

/// <summary>
/// Streaming unkeyed BLAKE2b (RFC 7693, https://www.rfc-editor.org/rfc/rfc7693, section 3.3). A mutable struct: keep it in one place (a
/// local, a field) and do not copy it while in use.
/// </summary>
public struct Blake2bHasher
{
    private State _state;
    private Block _buffer;
    private int _buffered;
    private readonly int _digestLength;
    private UInt128 _counter;

    /// <summary>Starts a hash with a digest of <paramref name="digestLength"/> bytes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The length is not 1 to 64.</exception>
    public Blake2bHasher(int digestLength)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(digestLength);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(digestLength, Blake2b.Size512);
        _digestLength = digestLength;
        _buffered = 0;
        _counter = 0;
        Blake2bCompression.InitialVector.CopyTo(_state);
        _state[0] ^= Blake2bCompression.ParametersOf(digestLength);
    }

    /// <summary>Appends <paramref name="data"/> to the message.</summary>
    public void Update(ReadOnlySpan<byte> data)
    {
        // The last block is compressed with a flag: a full block stays in the buffer until more data follows.
        int room = Blake2bCompression.BlockBytes - _buffered;
        if (data.Length > room)
        {
            if (_buffered > 0)
            {
                data[..room].CopyTo(((Span<byte>)_buffer)[_buffered..]);
                data = data[room..];
                _buffered = 0;
                _counter = Blake2bCompression.Compress(_state, _buffer, _counter, final: false);
            }

            if (data.Length > Blake2bCompression.BlockBytes)
            {
                int whole = (data.Length - 1) / Blake2bCompression.BlockBytes * Blake2bCompression.BlockBytes;
                _counter = Blake2bCompression.Compress(_state, data[..whole], _counter, final: false);
                data = data[whole..];
            }
        }

        data.CopyTo(((Span<byte>)_buffer)[_buffered..]);
        _buffered += data.Length;
    }

    /// <summary>Writes the digest to the start of <paramref name="digest"/>. The hasher must not be used afterwards.</summary>
    /// <exception cref="ArgumentException"><paramref name="digest"/> is shorter than the digest.</exception>
    public void Finish(Span<byte> digest)
    {
        if (digest.Length < _digestLength)
        {
            throw new ArgumentException($"The digest needs {_digestLength} bytes.", nameof(digest));
        }

        Span<byte> buffer = _buffer;
        buffer[_buffered..].Clear();
        _counter += (uint)_buffered;
        _counter -= Blake2bCompression.BlockBytes;
        _ = Blake2bCompression.Compress(_state, buffer, _counter, final: true);

        Span<byte> full = stackalloc byte[Blake2b.Size512];
        for (int i = 0; i < 8; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(full[(8 * i)..], _state[i]);
        }

        full[.._digestLength].CopyTo(digest);
    }

    [InlineArray(8)]
    private struct State
    {
        private ulong _word;
    }

    [InlineArray(Blake2bCompression.BlockBytes)]
    private struct Block
    {
        private byte _byte;
    }
}
