namespace Fvm.Crypto.Interop;

/// <summary>
/// The results of a peer and of Fvm.Crypto for a case. There are three kinds of lines: <c>bls tag verdict signature (key message)*</c>,
/// <c>secp256k1 hash signature key</c>, <c>hash name data digest</c>.
/// </summary>
internal static class Cases
{
    public static string Expected(string[] words) => words[0] == "bls" ? words[2] : words[3];

    public static string Answer(string[] words) => words[0] switch
    {
        "bls" => Bls(words[1], words[3], words.AsSpan(4)),
        "secp256k1" => Secp256k1(words[1], words[2]),
        "hash" => Hash(words[1], words[2] == "-" ? [] : Convert.FromHexString(words[2])),
        _ => throw new FormatException($"There are no cases of kind {words[0]}."),
    };

    private static string Bls(string tag, string signature, ReadOnlySpan<string> pairs)
    {
        List<byte> keys = [];
        List<ReadOnlyMemory<byte>> messages = [];
        for (int i = 0; i < pairs.Length; i += 2)
        {
            keys.AddRange(Convert.FromHexString(pairs[i]));
            messages.Add(Convert.FromHexString(pairs[i + 1]));
        }

        byte[] bytes = Convert.FromHexString(signature);
        BlsVerdict verdict = tag == "POP"
            ? BlsSignatures.VerifyAggregate(bytes, keys.ToArray(), messages, BlsSignatures.ProofOfPossessionTag)
            : BlsSignatures.VerifyAggregate(bytes, keys.ToArray(), messages);
        return verdict.ToString();
    }

    private static string Secp256k1(string hash, string signature)
    {
        byte[] key = new byte[65];
        bool found = Crypto.Secp256k1.TryRecover(Convert.FromHexString(hash), Convert.FromHexString(signature), key);
        return found ? Convert.ToHexStringLower(key) : "-";
    }

    private static string Hash(string name, byte[] data)
    {
        byte[] address = new byte[20];
        Blake2b.Hash(data, address);
        return Convert.ToHexStringLower(name switch
        {
            "blake2b-160" => address,
            "blake2b-256" => Blake2b.Hash256(data),
            "blake2b-512" => Blake2b.Hash512(data),
            "keccak-256" => Keccak256.Hash(data),
            "keccak-512" => Keccak512.Hash(data),
            "ripemd160" => Ripemd160.Hash(data),
            "sha256" => Sha256.Hash(data),
            _ => throw new FormatException($"There is no hash {name}."),
        });
    }
}
