namespace Fvm.Crypto.Bench;

/// <summary>Verification of one BLS signature, and of an aggregate of 100, including decoding and subgroup checks.</summary>
internal static class BlsBench
{
    /// <summary>Lines of the file: count, signature, then a key and a message per entry, all but the count in hexadecimal.</summary>
    public static void Run(string path)
    {
        foreach (string line in File.ReadLines(path))
        {
            string[] words = line.Split(' ');
            int count = int.Parse(words[0]);
            byte[] signature = Convert.FromHexString(words[1]);
            byte[] keys = new byte[count * BlsSignatures.PublicKeySize];
            ReadOnlyMemory<byte>[] messages = new ReadOnlyMemory<byte>[count];
            for (int i = 0; i < count; i++)
            {
                Convert.FromHexString(words[2 + (2 * i)]).CopyTo(keys, i * BlsSignatures.PublicKeySize);
                messages[i] = Convert.FromHexString(words[3 + (2 * i)]);
            }

            Measure.Print($"bls-verify-{count}", () =>
            {
                if (BlsSignatures.VerifyAggregate(signature, keys, messages, BlsSignatures.ProofOfPossessionTag) != BlsVerdict.Valid)
                {
                    throw new InvalidOperationException("A good signature was refused.");
                }
            });
        }
    }
}
