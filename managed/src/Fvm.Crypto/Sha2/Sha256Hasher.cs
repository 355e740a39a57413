namespace Fvm.Crypto;

/// <summary>Streaming SHA-256. Not thread-safe.</summary>
public sealed class Sha256Hasher
{
    private readonly uint[] _state = Sha256Constants.InitialState.ToArray();
    private readonly byte[] _rest = new byte[Sha256.BlockBytes];
    private ulong _length;

    private int RestLength => (int)(_length % Sha256.BlockBytes);

    /// <summary>Appends <paramref name="data"/> to the message.</summary>
    public void Update(ReadOnlySpan<byte> data)
    {
        int rest = RestLength;
        _length += (ulong)data.Length;
        if (rest > 0)
        {
            int missing = Math.Min(Sha256.BlockBytes - rest, data.Length);
            data[..missing].CopyTo(_rest.AsSpan(rest));
            data = data[missing..];
            if (rest + missing < Sha256.BlockBytes)
            {
                return;
            }

            Sha256.Compress(_state, _rest);
        }

        int whole = data.Length & -Sha256.BlockBytes;
        Sha256.Compress(_state, data[..whole]);
        data[whole..].CopyTo(_rest);
    }

    /// <summary>Writes the digest to the first 32 bytes of <paramref name="digest"/> and resets the hasher.</summary>
    /// <exception cref="ArgumentException"><paramref name="digest"/> is shorter than 32 bytes.</exception>
    public void Finish(Span<byte> digest)
    {
        Sha256.Finish(_state, _rest.AsSpan(0, RestLength), _length, digest);
        Sha256Constants.InitialState.CopyTo(_state);
        _length = 0;
    }
}
