using Fvm.Hosting;
using Fvm.Ipld;

namespace Fvm.Native;

/// <summary>The host's blockstore.</summary>
/// <param name="host">The host's callbacks.</param>
/// <param name="store">The host's identifier of the store.</param>
/// <param name="calls">Counts the machine's callbacks.</param>
internal sealed class CgoBlockstore(HostFunctions host, ulong store, HostCalls calls) : IBlockstore
{
    /// <inheritdoc/>
    // Sound: the host gets the CID and two locals, which stay in place until it returns; a block that it returns is a malloc block of the
    // reported length, and ours to free.
    public unsafe byte[]? Get(in Cid cid)
    {
        byte* key = stackalloc byte[Cid.MaxByteLength];
        int keyLength = cid.WriteTo(new Span<byte>(key, Cid.MaxByteLength));
        byte* block = null;
        int size = 0;
        calls.Blocks++;
        calls.BeforeCallback();
        int answer = host.Get(store, key, keyLength, &block, &size);
        calls.AfterCallback();
        if (answer == HostAnswers.NotFound)
        {
            return null;
        }

        Check(answer, "get");
        if (block == null || size < 0)
        {
            throw new BlockstoreException(calls.Break($"the host's get gave {(block == null ? "no block" : $"a block of {size} bytes")}"));
        }

        byte[] copy = new ReadOnlySpan<byte>(block, size).ToArray();
        Libc.free(block);
        return copy;
    }

    /// <inheritdoc/>
    // Sound: the host gets the CID, which stays in place until it returns.
    public unsafe bool Has(in Cid cid)
    {
        byte* key = stackalloc byte[Cid.MaxByteLength];
        int keyLength = cid.WriteTo(new Span<byte>(key, Cid.MaxByteLength));
        calls.Blocks++;
        calls.BeforeCallback();
        int answer = host.Has(store, key, keyLength);
        calls.AfterCallback();
        switch (answer)
        {
            case 0 or HostAnswers.NotFound:
                return false;
            case 1:
                return true;
            default:
                Check(answer, "has");
                return false;
        }
    }

    /// <inheritdoc/>
    // Sound: the host gets the CID and the pinned block, which stay in place until it returns.
    public unsafe void Put(in Cid cid, byte[] block)
    {
        byte* key = stackalloc byte[Cid.MaxByteLength];
        int keyLength = cid.WriteTo(new Span<byte>(key, Cid.MaxByteLength));
        byte none = 0;
        calls.Blocks++;
        fixed (byte* data = block)
        {
            calls.BeforeCallback();
            int answer = host.Put(store, key, keyLength, data == null ? &none : data, block.Length);
            calls.AfterCallback();
            CheckPut(answer, "put");
        }
    }

    /// <inheritdoc/>
    public void PutMany(IEnumerable<KeyValuePair<Cid, byte[]>> blocks)
    {
        using BlockBatch batch = new();
        foreach (KeyValuePair<Cid, byte[]> block in blocks)
        {
            Cid cid = block.Key;
            if (!batch.HasRoomFor(block.Value))
            {
                Send(batch);
            }

            batch.Add(in cid, block.Value);
        }

        Send(batch);
    }

    // Sound: the host gets the batch's own memory with one length per block, and keeps none of it.
    private unsafe void Send(BlockBatch batch)
    {
        if (batch.Count > 0)
        {
            calls.Blocks++;
            calls.BeforeCallback();
            int answer = host.PutMany(store, batch.Lengths, batch.Count, batch.Blocks);
            calls.AfterCallback();
            batch.Clear();
            CheckPut(answer, "put_many");
        }
    }

    private void CheckPut(int answer, string function)
    {
        if (answer == HostAnswers.NotFound)
        {
            throw new BlockstoreException(calls.Break($"the host's {function} answered 'not found'"));
        }

        Check(answer, function);
    }

    private void Check(int answer, string function)
    {
        if (answer == 0)
        {
            return;
        }

        throw new BlockstoreException(answer switch
        {
            HostAnswers.ThreadEnded => calls.Break($"the host's {function} ended its thread (pthread_exit) instead of returning"),
            > 0 => calls.Break($"invalid return value from {function}: {answer}"),
            HostAnswers.InvalidHandle => calls.Break($"blockstore {store} not registered"),
            _ => $"the host's {function} failed with error code {answer}",
        });
    }
}
