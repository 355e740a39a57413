using Fvm.Crypto;

namespace Fvm.Node;

/// <summary>HMAC with SHA-512 (RFC 2104), and the derivation of keys from passwords by it (PBKDF2, RFC 8018).</summary>
internal static class HmacSha512
{
    private const int BlockLength = 128;
    private const byte InnerPad = 0x36;
    private const byte OuterPad = 0x5c;

    public static byte[] Compute(ReadOnlySpan<byte> key, ReadOnlySpan<byte> data)
    {
        byte[] inner = new byte[BlockLength + data.Length];
        byte[] outer = new byte[BlockLength + Sha512.Size];
        if (key.Length > BlockLength)
        {
            Sha512.Hash(key, inner);
        }
        else
        {
            key.CopyTo(inner);
        }

        for (int i = 0; i < BlockLength; i++)
        {
            outer[i] = (byte)(inner[i] ^ OuterPad);
            inner[i] ^= InnerPad;
        }

        data.CopyTo(inner.AsSpan(BlockLength));
        Sha512.Hash(inner, outer.AsSpan(BlockLength));
        byte[] code = new byte[Sha512.Size];
        Sha512.Hash(outer, code);
        return code;
    }

    /// <summary>One block of PBKDF2, 64 bytes.</summary>
    public static byte[] Derive(ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, int iterations)
    {
        byte[] code = Compute(password, [.. salt, 0, 0, 0, 1]);
        byte[] key = [.. code];
        for (int i = 1; i < iterations; i++)
        {
            code = Compute(password, code);
            for (int j = 0; j < key.Length; j++)
            {
                key[j] ^= code[j];
            }
        }

        return key;
    }
}
