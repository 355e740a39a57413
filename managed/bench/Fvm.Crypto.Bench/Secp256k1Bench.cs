namespace Fvm.Crypto.Bench;

/// <summary>Recovery of secp256k1 public keys, cycling through many signatures.</summary>
internal static class Secp256k1Bench
{
    /// <summary>Lines of the file: hash, signature, key in hexadecimal.</summary>
    public static void Run(string path)
    {
        byte[][][] cases = [.. File.ReadLines(path).Select(static line => line.Split(' ').Select(Convert.FromHexString).ToArray())];
        byte[] key = new byte[Secp256k1.PublicKeySize];
        int next = 0;
        Measure.Print("secp256k1-recover", () =>
        {
            byte[][] item = cases[next++ % cases.Length];
            if (!Secp256k1.TryRecover(item[0], item[1], key) || !key.AsSpan().SequenceEqual(item[2]))
            {
                throw new InvalidOperationException("A key was not recovered.");
            }
        });
    }
}
