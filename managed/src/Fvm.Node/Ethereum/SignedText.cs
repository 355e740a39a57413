using System.Globalization;
using System.Text;
using Fvm.Crypto;

namespace Fvm.Node;

/// <summary>Texts that wallets sign (EIP-191): with a prefix, so that none is a transaction.</summary>
internal static class SignedText
{
    // The last byte of a signature of a text: the parity, from 27 on.
    private const byte FirstV = 27;

    /// <summary>The hash that is signed.</summary>
    public static byte[] HashOf(ReadOnlySpan<byte> text)
    {
        string prefix = string.Create(CultureInfo.InvariantCulture, $"\u0019Ethereum Signed Message:\n{text.Length}");
        return Keccak256.Hash([.. Encoding.ASCII.GetBytes(prefix), .. text]);
    }

    /// <summary>The signature of a hash in the form for texts: r, s, and 27 or 28.</summary>
    public static byte[] Sign(EthKey key, ReadOnlySpan<byte> hash)
    {
        byte[] signature = key.Sign(hash);
        signature[^1] += FirstV;
        return signature;
    }
}
