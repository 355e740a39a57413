using BenchmarkDotNet.Attributes;
using Fvm.Crypto;

namespace Fvm.Bench;

/// <summary>BLAKE2b-256 of many blocks, as in a flush: one by one, and in the lanes of vectors.</summary>
public class HashBench
{
    private const int Blocks = 64;

    private readonly ReadOnlyMemory<byte>[] _blocks = new ReadOnlyMemory<byte>[Blocks];
    private readonly byte[] _digests = new byte[Blocks * Blake2b.Size256];

    /// <summary>Bytes per block; a full HAMT node of links has about 1,300.</summary>
    [Params(256, 1_300, 4_096)]
    public int Size { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        for (int i = 0; i < Blocks; i++)
        {
            byte[] block = new byte[Size];
            block.AsSpan().Fill((byte)i);
            _blocks[i] = block;
        }
    }

    [Benchmark(OperationsPerInvoke = Blocks)]
    public void OneByOne()
    {
        for (int i = 0; i < Blocks; i++)
        {
            Blake2b.Hash256(_blocks[i].Span, _digests.AsSpan(i * Blake2b.Size256, Blake2b.Size256));
        }
    }

    [Benchmark(OperationsPerInvoke = Blocks)]
    public void Batch() => Blake2bBatch.Hash256(_blocks, _digests);
}
