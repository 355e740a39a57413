namespace Fvm.Crypto;

/// <summary>
/// expand_message_xmd with SHA-256 (RFC 9380, https://www.rfc-editor.org/rfc/rfc9380, section 5.3.1): expands a message to uniform bytes
/// under a domain separation tag.
/// </summary>
internal static class ExpandMessage
{
    private const int BlockBytes = Sha256.BlockBytes;
    private const int DigestBytes = 32;
    private const int MaxTagBytes = 255;

    private static ReadOnlySpan<byte> ZeroBlock => new byte[BlockBytes];

    /// <summary>Fills <paramref name="output"/>; its length is part of the hashed input.</summary>
    /// <param name="message">Any bytes.</param>
    /// <param name="tag">The domain separation tag, at most 255 bytes.</param>
    /// <param name="output">At most 255 digests; here a whole number of them.</param>
    public static void Xmd(ReadOnlySpan<byte> message, ReadOnlySpan<byte> tag, Span<byte> output)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(tag.Length, MaxTagBytes);
        ArgumentOutOfRangeException.ThrowIfNotEqual(output.Length % DigestBytes, 0);

        // b_0 = H(block of zeros, message, length, 0, tag, tag length)
        Sha256Hasher hasher = new();
        hasher.Update(ZeroBlock);
        hasher.Update(message);
        hasher.Update([(byte)(output.Length >> 8), (byte)output.Length, 0]);
        hasher.Update(tag);
        hasher.Update([(byte)tag.Length]);
        Span<byte> seed = stackalloc byte[DigestBytes];
        hasher.Finish(seed);

        // b_i = H(b_0 xor b_(i-1), i, tag, tag length); for i = 1, H(b_0, 1, ...).
        Span<byte> input = stackalloc byte[DigestBytes + 1 + MaxTagBytes + 1];
        input = input[..(DigestBytes + 1 + tag.Length + 1)];
        seed.CopyTo(input);
        tag.CopyTo(input[(DigestBytes + 1)..]);
        input[^1] = (byte)tag.Length;
        for (int i = 1; !output.IsEmpty; i++)
        {
            input[DigestBytes] = (byte)i;
            Sha256.Hash(input, output);
            for (int j = 0; j < DigestBytes; j++)
            {
                input[j] = (byte)(seed[j] ^ output[j]);
            }

            output = output[DigestBytes..];
        }
    }
}
