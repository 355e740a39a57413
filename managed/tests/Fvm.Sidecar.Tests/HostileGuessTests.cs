using Fvm.Protocol.V1;
using Fvm.Vectors;
using Google.Protobuf;
using Grpc.Core;

namespace Fvm.Sidecar.Tests;

/// <summary>Clients that answer guesses never, twice, too large, or with failures: they harm themselves alone.</summary>
public sealed class HostileGuessTests
{
    private static bool IsGuess(Callback callback) => callback.GetBlocks?.Cids.Count > 1;

    [Test]
    public async Task A_guess_that_is_never_answered_ends_its_call_in_time_and_others_go_on()
    {
        await using RunningServer server = await RunningServer.StartAsync(
            static options => options with { CallbackTimeout = TimeSpan.FromMilliseconds(500) });
        ByteString root = PrefetchTests.StateRoot();
        await using SessionClient silent = new(server.Channel, callback => IsGuess(callback) ? null : Answer(callback, root));
        await CreateAsync(silent, root);
        Vector vector = PrefetchTests.VectorsOf("nv28/carried", 1000).Single();
        Assert.That(await ReplayTests.ReplayAsync(server, vector, new BundleCatalog(Repository.Shared("bundles"), null)), Is.Positive);

        CallError error = (await silent.NextAsync()).Error;

        Assert.That(((StatusCode)error.Code, error.Detail.Reason), Is.EqualTo((StatusCode.DeadlineExceeded, ErrorReason.CallbackTimeout)));
    }

    [Test]
    public async Task Guesses_answered_twice_have_their_first_answer()
    {
        Vector vector = PrefetchTests.VectorsOf("nv28/carried", 1000).Single();
        VectorHost host = PrefetchTests.HostOf(vector, new BundleCatalog(Repository.Shared("bundles"), null));
        await using RunningServer server = await RunningServer.StartAsync(static options => options with { BlockCacheBytes = 0 });
        int twice = 0;
        SessionClient? client = null;
        client = new(server.Channel, callback =>
        {
            CallbackAnswer answer = host.Answer(callback);
            if (IsGuess(callback))
            {
                twice++;
                answer.CallbackId = callback.CallbackId;
                client!.SendAsync(new SessionRequest { CallbackAnswer = answer }).Wait();
                return new CallbackAnswer { Blocks = new BlocksAnswer { Blocks = { callback.GetBlocks.Cids.Select(static _ => new MaybeBlock()) } } };
            }

            return answer;
        });
        await using SessionClient disposed = client;
        await client.OpenAsync();
        await client.NextAsync();

        await PrefetchTests.RunAsync(client, vector, 1, 0);

        Assert.That(twice, Is.Positive);
    }

    [Test]
    public async Task Answers_to_guesses_count_as_bytes_of_their_session()
    {
        // Two guesses fit into half of the bytes; a client that returns more for them than a block may have gets to the limit.
        const int Limit = 4 << 20;
        await using RunningServer server = await RunningServer.StartAsync(static options => options with { MaxSessionBytes = Limit });
        ByteString root = PrefetchTests.StateRoot();
        ByteString large = ByteString.CopyFrom(new byte[Limit / 2]);
        int most = 0;
        await using SessionClient client = new(server.Channel, callback =>
        {
            most = Math.Max(most, callback.GetBlocks?.Cids.Count ?? 0);
            return callback.GetBlocks is null
                ? Answer(callback, root)
                : new CallbackAnswer { Blocks = new BlocksAnswer { Blocks = { callback.GetBlocks.Cids.Select(_ => new MaybeBlock { Data = large }) } } };
        });
        await CreateAsync(client, root);

        RpcException? ended = null;
        CallError? error = null;
        try
        {
            error = (await client.NextAsync()).Error;
        }
        catch (RpcException e)
        {
            ended = e;
        }

        // Either all at once, or one that is another block.
        Assert.That(ended?.StatusCode ?? (StatusCode)error!.Code, Is.EqualTo(StatusCode.ResourceExhausted).Or.EqualTo(StatusCode.Aborted));
        Assert.That(most, Is.InRange(1, 2));
        Assert.That(server.Shared.Holders.Select(static holder => holder.HeldBytes), Is.All.LessThanOrEqualTo(Limit));
    }

    [Test]
    public async Task A_client_whose_store_fails_leaves_the_blocks_of_others_in_the_cache()
    {
        Vector vector = PrefetchTests.VectorsOf("nv28/carried", 1000).Single();
        BundleCatalog bundles = new(Repository.Shared("bundles"), null);
        await using RunningServer server = await RunningServer.StartAsync();
        for (int i = 0; i < 8; i++)
        {
            await ReplayTests.ReplayAsync(server, vector, bundles);
        }

        int before = server.Shared.Blocks.Count;
        await using SessionClient client = new(server.Channel, static _ => PrefetchTests.Failure());
        await CreateAsync(client, PrefetchTests.StateRoot());
        Assert.That((await client.NextAsync()).Error, Is.Not.Null);

        Assert.That(before, Is.GreaterThan(20));
        Assert.That(server.Shared.Blocks.Count, Is.EqualTo(before));
    }

    private static async Task CreateAsync(SessionClient client, ByteString root)
    {
        await client.OpenAsync();
        await client.NextAsync();
        MachineSettings settings = SessionTests.Settings();
        settings.StateRoot = PrefetchTests.CidOf(root);
        await client.SendAsync(new SessionRequest { CallId = 1, CreateMachine = new CreateMachine { MachineId = 1, Settings = settings } });
    }

    private static CallbackAnswer Answer(Callback callback, ByteString root) => callback.QuestionCase switch
    {
        Callback.QuestionOneofCase.PutBlocks => new CallbackAnswer { Stored = new StoredAnswer() },
        Callback.QuestionOneofCase.HasBlocks => new CallbackAnswer
        {
            Existence = new ExistenceAnswer { Exists = { callback.HasBlocks.Cids.Select(static _ => true) } },
        },
        _ => new CallbackAnswer { Blocks = new BlocksAnswer { Blocks = { callback.GetBlocks.Cids.Select(cid => PrefetchTests.Node(cid, root)) } } },
    };
}
