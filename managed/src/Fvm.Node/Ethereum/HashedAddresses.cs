using System.Text;
using Fvm.Crypto;
using Fvm.Tracing;

namespace Fvm.Node;

/// <summary>What of Ethereum's addresses is made by Keccak-256.</summary>
internal static class HashedAddresses
{
    extension(EthAddress)
    {
        /// <summary>The address of a public key: the last 20 bytes of its Keccak hash.</summary>
        /// <param name="publicKey">An uncompressed secp256k1 key, 65 bytes.</param>
        public static EthAddress OfPublicKey(ReadOnlySpan<byte> publicKey) => new(Keccak256.Hash(publicKey[1..]).AsSpan()[^EthAddress.Length..]);

        /// <summary>The address of the contract that a transaction without receiver creates.</summary>
        public static EthAddress OfCreated(EthAddress sender, ulong nonce)
        {
            RlpWriter fields = new();
            fields.Write(sender.ToBytes());
            fields.Write(nonce);
            return new EthAddress(Keccak256.Hash(fields.ToList()).AsSpan()[^EthAddress.Length..]);
        }
    }

    extension(EthAddress address)
    {
        /// <summary>With capitals as checksum (EIP-55), the form for people.</summary>
        public string ToChecksumText()
        {
            string digits = Convert.ToHexStringLower(address.ToBytes());
            byte[] hash = Keccak256.Hash(Encoding.ASCII.GetBytes(digits));
            return "0x" + string.Create(digits.Length, (digits, hash), static (text, source) =>
            {
                for (int i = 0; i < text.Length; i++)
                {
                    int nibble = (source.hash[i / 2] >> (i % 2 == 0 ? 4 : 0)) & 15;
                    text[i] = nibble >= 8 ? char.ToUpperInvariant(source.digits[i]) : source.digits[i];
                }
            });
        }
    }
}
