using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace Fvm.Native.Tests;

/// <summary>A host behind function pointers; the static functions find the instance by its handle.</summary>
internal sealed unsafe class FakeHost
{
    private static readonly ConcurrentDictionary<ulong, FakeHost> Hosts = new();
    private static long _last;

    public FakeHost()
    {
        Handle = (ulong)Interlocked.Increment(ref _last);
        Hosts[Handle] = this;
    }

    public ulong Handle { get; }

    /// <summary>Return value of the next calls.</summary>
    public int Answer { get; set; }

    /// <summary>The block returned by a get; a null pointer if null.</summary>
    public byte[]? Block { get; set; }

    /// <summary>The size reported by a get; the true size if null.</summary>
    public int? ClaimedSize { get; set; }

    public (long Fault, ulong Miner, long Epoch, long Gas) Fault { get; set; }

    public byte[] TipsetCid { get; set; } = [];

    public int Calls { get; private set; }

    /// <summary>The CID of the last single-block call.</summary>
    public byte[] LastCid { get; private set; } = [];

    /// <summary>The lengths passed to each put_many.</summary>
    public List<int[]> Batches { get; } = [];

    /// <summary>The bytes of the last put_many.</summary>
    public byte[] LastBatch { get; private set; } = [];

    public HostFunctions Functions => new()
    {
        Get = &Get,
        Has = &Has,
        Put = &Put,
        PutMany = &PutMany,
        ChainRandomness = &Randomness,
        BeaconRandomness = &Randomness,
        ConsensusFault = &ConsensusFault,
        TipsetCid = &Tipset,
    };

    private static FakeHost Of(ulong handle)
    {
        FakeHost host = Hosts[handle];
        host.Calls++;
        return host;
    }

    private static int Get(ulong handle, byte* cid, int cidLength, byte** block, int* size)
    {
        FakeHost host = Of(handle);
        host.LastCid = new Span<byte>(cid, cidLength).ToArray();
        if (host.Answer == 0 && host.Block is byte[] bytes)
        {
            *block = (byte*)NativeMemory.Alloc((nuint)bytes.Length + 1);
            bytes.CopyTo(new Span<byte>(*block, bytes.Length));
            *size = host.ClaimedSize ?? bytes.Length;
        }

        return host.Answer;
    }

    private static int Has(ulong handle, byte* cid, int cidLength)
    {
        FakeHost host = Of(handle);
        host.LastCid = new Span<byte>(cid, cidLength).ToArray();
        return host.Answer;
    }

    private static int Put(ulong handle, byte* cid, int cidLength, byte* block, int blockLength)
    {
        FakeHost host = Of(handle);
        host.LastCid = new Span<byte>(cid, cidLength).ToArray();
        host.Block = block == null ? null : new Span<byte>(block, blockLength).ToArray();
        return host.Answer;
    }

    private static int PutMany(ulong handle, int* lengths, int count, byte* blocks)
    {
        FakeHost host = Of(handle);
        int[] all = new Span<int>(lengths, count).ToArray();
        host.Batches.Add(all);
        host.LastBatch = new Span<byte>(blocks, all.Sum()).ToArray();
        return host.Answer;
    }

    private static int Randomness(ulong handle, long epoch, byte* output)
    {
        FakeHost host = Of(handle);
        new Span<byte>(output, 32).Fill((byte)epoch);
        return host.Answer;
    }

    private static int ConsensusFault(
        ulong handle, byte* first, int firstLength, byte* second, int secondLength, byte* extra, int extraLength,
        ulong* miner, long* epoch, long* fault, long* gasUsed)
    {
        FakeHost host = Of(handle);
        Assert.That(first != null && second != null && extra != null, Is.True, "an empty header is not NULL");
        (*fault, *miner, *epoch, *gasUsed) = host.Fault;
        return host.Answer;
    }

    private static int Tipset(ulong handle, long epoch, byte* output, int outputLength)
    {
        FakeHost host = Of(handle);
        Assert.That(outputLength, Is.EqualTo(100));
        host.TipsetCid.CopyTo(new Span<byte>(output, outputLength));
        return host.Answer;
    }
}
