namespace Fvm.Crypto.Bench;

/// <summary>One-shot BLAKE2b-256 of blocks of several sizes.</summary>
internal static class Blake2bBench
{
    public static void Run()
    {
        byte[] digest = new byte[Blake2b.Size256];
        foreach (int size in (int[])[256, 4096, 1 << 20])
        {
            byte[] data = new byte[size];
            Measure.Print($"blake2b-{size}", () => Blake2b.Hash256(data, digest));
        }
    }
}
