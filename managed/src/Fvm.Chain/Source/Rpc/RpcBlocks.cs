using System.Collections.Concurrent;
using System.Text.Json;
using System.Threading.Channels;
using Fvm.Ipld;

namespace Fvm.Chain;

/// <summary>
/// The blocks of a node, by ChainReadObj; each is verified against its CID. Blocks that several threads ask for at the same time go into one
/// request. Read-only and thread-safe.
/// </summary>
internal sealed class RpcBlocks : IBulkBlockstore, IDisposable
{
    private const string ReadMethod = "Filecoin.ChainReadObj";

    private readonly RpcClient _client;
    private readonly RpcSettings _settings;
    private readonly ConcurrentDictionary<Cid, Wanted> _wanted = new();
    private readonly Channel<Wanted> _queue = Channel.CreateUnbounded<Wanted>();
    private readonly CancellationTokenSource _stop = new();
    private long _blocks;
    private long _bytes;
    private long _roundTrips;
    private int _inFlight;

    public RpcBlocks(RpcClient client, RpcSettings settings)
    {
        _client = client;
        _settings = settings;
        for (int number = 0; number < settings.InFlight; number++)
        {
            _ = Task.Run(ServeAsync);
        }
    }

    /// <summary>The number of blocks received.</summary>
    public long Blocks => Interlocked.Read(ref _blocks);

    /// <summary>Their total length, in bytes.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>The number of round trips, of which those at the same time are one.</summary>
    public long RoundTrips => Interlocked.Read(ref _roundTrips);

    /// <inheritdoc/>
    /// <exception cref="BlockstoreException">The node does not answer, or gives other bytes.</exception>
    public byte[]? Get(in Cid cid) => cid.MultihashCode == MultihashCode.Identity ? cid.Digest.ToArray() : Want(cid).GetAwaiter().GetResult();

    /// <inheritdoc/>
    public IReadOnlyList<byte[]?> GetMany(IReadOnlyList<Cid> cids)
    {
        Task<byte[]?>[] tasks = [.. cids.Select(Want)];
        return [.. tasks.Select(static task => task.GetAwaiter().GetResult())];
    }

    /// <inheritdoc/>
    // The block itself: who asks for it wants it next.
    public bool Has(in Cid cid) => Get(in cid) is not null;

    /// <summary>Always fails.</summary>
    /// <exception cref="BlockstoreException">Always.</exception>
    public void Put(in Cid cid, byte[] block) => throw ReadOnly();

    /// <summary>Always fails.</summary>
    /// <exception cref="BlockstoreException">Always.</exception>
    public void PutMany(IEnumerable<KeyValuePair<Cid, byte[]>> blocks) => throw ReadOnly();

    /// <inheritdoc/>
    // The source of the token stays undisposed: requests that end now still look at it.
    public void Dispose()
    {
        _stop.Cancel();
        _queue.Writer.TryComplete();
        foreach (Wanted wanted in _wanted.Values)
        {
            wanted.Source.TrySetException(Closed());
        }
    }

    private static BlockstoreException ReadOnly() => new("the blocks of a node are only read");

    private BlockstoreException Closed() => _client.Failed(ReadMethod, "the connection is closed");

    private Task<byte[]?> Want(Cid cid)
    {
        Wanted mine = new(cid);
        Wanted wanted = _wanted.GetOrAdd(cid, mine);
        if (ReferenceEquals(wanted, mine))
        {
            Enqueue(mine);
        }

        return wanted.Source.Task;
    }

    private async Task ServeAsync()
    {
        List<Wanted> batch = [];
        try
        {
            while (await _queue.Reader.WaitToReadAsync(_stop.Token).ConfigureAwait(false))
            {
                batch.Clear();
                for (int most = _client.BatchSize; batch.Count < most && _queue.Reader.TryRead(out Wanted? wanted);)
                {
                    batch.Add(wanted);
                }

                if (batch.Count > 0)
                {
                    await FetchAsync(batch).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed.
        }
    }

    private async Task FetchAsync(List<Wanted> batch)
    {
        if (Interlocked.Increment(ref _inFlight) == 1)
        {
            Interlocked.Increment(ref _roundTrips);
        }

        IReadOnlyList<RpcAnswer> answers;
        try
        {
            string[] parameters = [.. batch.Select(static wanted => $$"""[{"/":"{{wanted.Cid}}"}]""")];
            answers = await _client.CallAsync(ReadMethod, parameters, _stop.Token).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            foreach (Wanted wanted in batch)
            {
                BlockstoreException failure = exception is BlockstoreException known
                    ? new BlockstoreException(known.Message, known)
                    : _client.Failed(ReadMethod, exception.Message);
                Complete(wanted, source => source.TrySetException(failure));
            }

            return;
        }
        finally
        {
            Interlocked.Decrement(ref _inFlight);
        }

        List<Wanted> again = [];
        for (int index = 0; index < batch.Count; index++)
        {
            if (!TryTake(batch[index], answers[index]))
            {
                again.Add(batch[index]);
            }
        }

        if (again.Count > 0)
        {
            await _client.PauseAsync(again.Max(static wanted => wanted.Attempts), _stop.Token).ConfigureAwait(false);
            foreach (Wanted wanted in again)
            {
                Enqueue(wanted);
            }
        }
    }

    // False if the block must be asked for once more.
    private bool TryTake(Wanted wanted, RpcAnswer answer)
    {
        if (answer.IsMissing)
        {
            Complete(wanted, static source => source.TrySetResult(null));
            return true;
        }

        string problem;
        if (answer.Error is not null)
        {
            problem = answer.Problem;
        }
        else if (answer.Result.ValueKind != JsonValueKind.String || !answer.Result.TryGetBytesFromBase64(out byte[]? block))
        {
            problem = "the answer is not a block in base64";
        }
        else if (BlockDigest.Matches(wanted.Cid, block) != true)
        {
            problem = "the node gives bytes that do not match the CID: use another node";
        }
        else
        {
            Interlocked.Increment(ref _blocks);
            Interlocked.Add(ref _bytes, block.Length);
            Complete(wanted, source => source.TrySetResult(block));
            return true;
        }

        wanted.Attempts++;
        if (!answer.IsRefusal && wanted.Attempts < _settings.Attempts)
        {
            return false;
        }

        BlockstoreException failure = _client.Failed(ReadMethod, $"{problem} (block {wanted.Cid}, {wanted.Attempts} attempts)");
        Complete(wanted, source => source.TrySetException(failure));
        return true;
    }

    private void Enqueue(Wanted wanted)
    {
        if (!_queue.Writer.TryWrite(wanted))
        {
            Complete(wanted, source => source.TrySetException(Closed()));
        }
    }

    private void Complete(Wanted wanted, Action<TaskCompletionSource<byte[]?>> complete)
    {
        _wanted.TryRemove(wanted.Cid, out _);
        complete(wanted.Source);
    }

    /// <summary>A block that somebody waits for.</summary>
    private sealed class Wanted(Cid cid)
    {
        public Cid Cid => cid;

        public int Attempts { get; set; }

        public TaskCompletionSource<byte[]?> Source { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
