namespace Fvm.Crypto;

/// <summary>Streaming HMAC-SHA256 (RFC 2104, https://www.rfc-editor.org/rfc/rfc2104). Not thread-safe.</summary>
public sealed class HmacSha256
{
    private const byte InnerPad = 0x36;
    private const byte OuterPad = 0x5c;

    private readonly Sha256Hasher _hasher = new();
    private readonly byte[] _key = new byte[Sha256.BlockBytes];

    /// <param name="key">The key, of any length.</param>
    public HmacSha256(ReadOnlySpan<byte> key)
    {
        if (key.Length > _key.Length)
        {
            Sha256.Hash(key, _key);
        }
        else
        {
            key.CopyTo(_key);
        }

        UpdateWithKey(InnerPad);
    }

    /// <summary>Appends <paramref name="data"/> to the message.</summary>
    public void Update(ReadOnlySpan<byte> data) => _hasher.Update(data);

    /// <summary>
    /// Writes the code to the first 32 bytes of <paramref name="code"/> and resets for the next message under the same key.
    /// </summary>
    /// <exception cref="ArgumentException"><paramref name="code"/> is shorter than 32 bytes.</exception>
    public void Finish(Span<byte> code)
    {
        Span<byte> inner = stackalloc byte[Sha256.Size];
        _hasher.Finish(inner);
        UpdateWithKey(OuterPad);
        _hasher.Update(inner);
        _hasher.Finish(code);
        UpdateWithKey(InnerPad);
    }

    private void UpdateWithKey(byte pad)
    {
        Span<byte> padded = stackalloc byte[Sha256.BlockBytes];
        for (int i = 0; i < padded.Length; i++)
        {
            padded[i] = (byte)(_key[i] ^ pad);
        }

        _hasher.Update(padded);
    }
}
