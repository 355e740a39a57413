using Fvm.Crypto;

namespace Fvm.Node;

/// <summary>The Bloom filter of logs: 2048 bits, three for each address and topic.</summary>
internal static class LogsBloom
{
    /// <summary>The length in bytes.</summary>
    public const int Length = 256;

    private const int Bits = Length * 8;

    /// <summary>The filter of some logs.</summary>
    public static byte[] Of(IEnumerable<LocalLog> logs)
    {
        byte[] bloom = new byte[Length];
        foreach (LocalLog log in logs)
        {
            Add(bloom, log.Address.ToBytes());
            foreach (EthHash topic in log.Topics)
            {
                Add(bloom, topic.ToBytes());
            }
        }

        return bloom;
    }

    private static void Add(byte[] bloom, byte[] value)
    {
        byte[] hash = Keccak256.Hash(value);
        for (int pair = 0; pair < 6; pair += 2)
        {
            int bit = ((hash[pair] << 8) | hash[pair + 1]) & (Bits - 1);
            bloom[Length - 1 - (bit / 8)] |= (byte)(1 << (bit % 8));
        }
    }
}
