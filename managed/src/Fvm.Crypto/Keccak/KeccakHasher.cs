using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Fvm.Crypto;

/// <summary>
/// Streaming Keccak (The Keccak reference 3.0, https://keccak.team/files/Keccak-reference-3.0.pdf) in Ethereum's variant: the padding is
/// 10*1 without the domain bits of SHA-3. A mutable struct: keep it in one place (a local, a field) and do not copy it while in use.
/// </summary>
public struct KeccakHasher
{
    private const int StateBytes = 8 * KeccakPermutation.Lanes;

    private State _state;
    private readonly int _digestLength;
    private readonly int _rate;
    private int _absorbed;

    /// <summary>Starts a hash with a digest of <paramref name="digestLength"/> bytes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The length is not 28, 32, 48 or 64.</exception>
    public KeccakHasher(int digestLength)
    {
        if (digestLength is not (28 or 32 or 48 or 64))
        {
            throw new ArgumentOutOfRangeException(nameof(digestLength));
        }

        // The capacity is twice the digest length.
        _digestLength = digestLength;
        _rate = StateBytes - (2 * digestLength);
        _absorbed = 0;
        _state = default;
    }

    /// <summary>Appends <paramref name="data"/> to the message.</summary>
    public void Update(ReadOnlySpan<byte> data)
    {
        while (!data.IsEmpty)
        {
            if (_absorbed == 0 && data.Length >= _rate)
            {
                int whole = data.Length - (data.Length % _rate);
                KeccakPermutation.Absorb(_state, data[..whole], _rate);
                data = data[whole..];
                continue;
            }

            if (_absorbed % 8 == 0 && data.Length >= 8)
            {
                // Whole lanes.
                int lanes = Math.Min(_rate - _absorbed, data.Length) / 8;
                for (int i = 0; i < lanes; i++)
                {
                    _state[(_absorbed / 8) + i] ^= BinaryPrimitives.ReadUInt64LittleEndian(data[(8 * i)..]);
                }

                data = data[(8 * lanes)..];
                _absorbed += 8 * lanes;
            }
            else
            {
                Absorb(data[0]);
                data = data[1..];
                _absorbed++;
            }

            if (_absorbed == _rate)
            {
                KeccakPermutation.Apply(_state);
                _absorbed = 0;
            }
        }
    }

    /// <summary>Writes the digest to the start of <paramref name="digest"/>. The hasher must not be used afterwards.</summary>
    /// <exception cref="ArgumentException"><paramref name="digest"/> is shorter than the digest.</exception>
    public void Finish(Span<byte> digest)
    {
        if (digest.Length < _digestLength)
        {
            throw new ArgumentException($"The digest needs {_digestLength} bytes.", nameof(digest));
        }

        Absorb(0x01);
        _absorbed = _rate - 1;
        Absorb(0x80);
        KeccakPermutation.Apply(_state);

        // The digest is shorter than the rate: one squeeze is enough.
        Span<byte> full = stackalloc byte[64];
        for (int i = 0; i < 8; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(full[(8 * i)..], _state[i]);
        }

        full[.._digestLength].CopyTo(digest);
    }

    private void Absorb(byte value) => _state[_absorbed / 8] ^= (ulong)value << (_absorbed % 8 * 8);

    [InlineArray(KeccakPermutation.Lanes)]
    private struct State
    {
        private ulong _lane;
    }
}
