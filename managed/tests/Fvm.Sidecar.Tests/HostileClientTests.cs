using Fvm.Protocol.V1;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;

namespace Fvm.Sidecar.Tests;

/// <summary>Clients that break the contract harm themselves alone: others go on, and nothing of them stays.</summary>
public sealed class HostileClientTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Test]
    public async Task A_client_that_dies_in_a_callback_gives_its_lane_back_at_once()
    {
        await using RunningServer server = await RunningServer.StartAsync(
            static options => options with { Lanes = 1, CallbackTimeout = TimeSpan.FromMinutes(10) });
        using SemaphoreSlim asked = new(0);
        SessionClient dying = await OpenAsync(server.Channel, _ =>
        {
            asked.Release();
            return null;
        });
        await CreateAsync(dying, 1);
        Assert.That(await asked.WaitAsync(Patience), Is.True);

        await dying.DisposeAsync();

        await AssertServesAsync(server);
        Assert.That(SpinWait.SpinUntil(() => server.Shared.Sessions == 0, Patience), Is.True);
    }

    [Test]
    public async Task An_answer_that_comes_too_late_or_twice_is_ignored_and_the_session_goes_on()
    {
        await using RunningServer server = await RunningServer.StartAsync(
            static options => options with { CallbackTimeout = TimeSpan.FromMilliseconds(200) });
        List<ulong> asked = [];
        await using SessionClient client = await OpenAsync(server.Channel, callback =>
        {
            asked.Add(callback.CallbackId);
            return null;
        });
        await CreateAsync(client, 1);
        Assert.That((await client.NextAsync()).Error.Detail.Reason, Is.EqualTo(ErrorReason.CallbackTimeout));

        for (int i = 0; i < 2; i++)
        {
            await client.SendAsync(new SessionRequest
            {
                CallbackAnswer = new CallbackAnswer { CallbackId = asked[0], Stored = new StoredAnswer() },
            });
        }

        await client.SendAsync(new SessionRequest { CallId = 9, DropMachine = new DropMachine { MachineId = 1 } });
        Assert.That((await client.NextAsync()).FrameCase, Is.EqualTo(SessionResponse.FrameOneofCase.MachineDropped));
    }

    [Test]
    public async Task An_answer_to_a_question_that_was_never_asked_ends_the_session()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await using SessionClient client = await OpenAsync(server.Channel, static _ => null);
        await client.SendAsync(new SessionRequest { CallbackAnswer = new CallbackAnswer { CallbackId = 77, Stored = new StoredAnswer() } });

        RpcException status = (await Assert.ThrowsAsync<RpcException>(client.NextAsync))!;

        Assert.That(status.StatusCode, Is.EqualTo(StatusCode.FailedPrecondition));
    }

    [Test]
    public async Task An_answer_of_parts_without_end_ends_its_session_at_the_limit_of_bytes()
    {
        await using RunningServer server = await RunningServer.StartAsync(static options => options with { MaxSessionBytes = 4 << 20 });
        TaskCompletionSource<ulong> get = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using SessionClient client = await OpenAsync(server.Channel, callback =>
        {
            if (callback.QuestionCase == Callback.QuestionOneofCase.GetBlocks)
            {
                get.TrySetResult(callback.CallbackId);
                return null;
            }

            return callback.QuestionCase == Callback.QuestionOneofCase.HasBlocks
                ? new CallbackAnswer { Existence = new ExistenceAnswer { Exists = { true } } }
                : new CallbackAnswer { Stored = new StoredAnswer() };
        });
        await CreateAsync(client, 1);
        ulong asked = await get.Task.WaitAsync(Patience);
        MaybeBlock part = new() { Data = ByteString.CopyFrom(new byte[1 << 20]) };

        try
        {
            for (int i = 0; i < 100; i++)
            {
                BlocksAnswer blocks = new() { More = true, Blocks = { part } };
                await client.SendAsync(new SessionRequest { CallbackAnswer = new CallbackAnswer { CallbackId = asked, Blocks = blocks } });
            }
        }
        catch (Exception e) when (e is RpcException or InvalidOperationException)
        {
            // The session has ended; its status is read below.
        }

        RpcException status = (await Assert.ThrowsAsync<RpcException>(async () =>
        {
            while (true)
            {
                await client.NextAsync();
            }
        }))!;
        Assert.That(status.StatusCode, Is.EqualTo(StatusCode.ResourceExhausted));
        await AssertServesAsync(server);
    }

    private static IEnumerable<CallbackAnswer> WrongAnswers =>
    [
        new CallbackAnswer(),
        new CallbackAnswer { Stored = new StoredAnswer() },
        new CallbackAnswer { Randomness = new RandomnessAnswer() },
        new CallbackAnswer { Existence = new ExistenceAnswer() },
        new CallbackAnswer { Existence = new ExistenceAnswer { Exists = { true, true } } },
    ];

    // The first question is whether the state root exists.
    [TestCaseSource(nameof(WrongAnswers))]
    public async Task A_wrong_answer_fails_the_call_and_the_machine_refuses_later_ones(CallbackAnswer wrong)
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await using SessionClient client = await OpenAsync(server.Channel, _ => wrong.Clone());
        await CreateAsync(client, 1);

        Assert.That((await client.NextAsync()).Error.Detail.Reason, Is.EqualTo(ErrorReason.CallbackMismatch));
        await client.SendAsync(new SessionRequest { CallId = 2, FlushMachine = new FlushMachine { MachineId = 1 } });
        Assert.That((StatusCode)(await client.NextAsync()).Error.Code, Is.EqualTo(StatusCode.FailedPrecondition));
    }

    [Test]
    public async Task A_block_with_another_digest_is_never_taken_neither_as_an_answer_nor_shipped()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await using SessionClient client = await OpenAsync(server.Channel, static callback => callback.QuestionCase switch
        {
            Callback.QuestionOneofCase.HasBlocks => new CallbackAnswer { Existence = new ExistenceAnswer { Exists = { true } } },
            Callback.QuestionOneofCase.PutBlocks => new CallbackAnswer { Stored = new StoredAnswer() },
            _ => new CallbackAnswer { Blocks = new BlocksAnswer { Blocks = { new MaybeBlock { Data = ByteString.CopyFromUtf8("another") } } } },
        });
        await CreateAsync(client, 1);
        Assert.That((await client.NextAsync()).Error.Detail.Reason, Is.EqualTo(ErrorReason.CallbackMismatch));
        MachineSettings settings = SessionTests.Settings();
        Block block = new() { Cid = settings.StateRoot, Data = ByteString.CopyFromUtf8("another") };
        await client.SendAsync(new SessionRequest
        {
            CallId = 2,
            CreateMachine = new CreateMachine { MachineId = 2, Settings = settings, Blocks = { block } },
        });
        Assert.That((await client.NextAsync()).Error.Detail.Subject, Is.EqualTo("create_machine.blocks.data"));
    }

    [Test]
    public async Task A_frame_beyond_the_limit_ends_its_session_alone()
    {
        await using RunningServer server = await RunningServer.StartAsync(static options => options with { MaxFrameBytes = 1 << 20 });
        await using SessionClient other = await OpenAsync(server.Channel, static _ => null);
        await using SessionClient client = await OpenAsync(server.Channel, static _ => null);
        Block block = new() { Data = ByteString.CopyFrom(new byte[2 << 20]) };
        SessionRequest large = new() { CallId = 1, CreateMachine = new CreateMachine { MachineId = 1, Blocks = { block } } };

        try
        {
            await client.SendAsync(large);
        }
        catch (RpcException)
        {
            // The refusal came while the frame was still being sent.
        }

        RpcException status = (await Assert.ThrowsAsync<RpcException>(client.NextAsync))!;

        Assert.That(status.StatusCode, Is.EqualTo(StatusCode.ResourceExhausted));
        await other.SendAsync(new SessionRequest { CallId = 1, DropMachine = new DropMachine { MachineId = 1 } });
        Assert.That((await other.NextAsync()).Error.Detail.Reason, Is.EqualTo(ErrorReason.UnknownOrUsedId));
    }

    [Test]
    public async Task A_client_that_never_reads_loses_its_session_and_takes_no_memory()
    {
        await using RunningServer server = await RunningServer.StartAsync(
            static options => options with { MaxUnreadBytes = 1 << 16, CallbackTimeout = TimeSpan.FromMilliseconds(300) });
        using GrpcChannel channel = RunningServer.Connect(server.Socket);
        using AsyncDuplexStreamingCall<SessionRequest, SessionResponse> deaf =
            new Protocol.V1.SessionService.SessionServiceClient(channel).Session();
        await deaf.RequestStream.WriteAsync(new SessionRequest { Open = new OpenSession() });
        SessionRequest call = new() { CallId = 1, FlushMachine = new FlushMachine { MachineId = 1 } };

        // Each is answered with an error; at some point the server stops reading, too.
        Assert.That(
            async () =>
            {
                for (int i = 0; i < 1_000_000; i++)
                {
                    await deaf.RequestStream.WriteAsync(call).WaitAsync(Patience);
                }
            },
            Throws.InstanceOf<RpcException>().Or.InstanceOf<InvalidOperationException>().Or.InstanceOf<IOException>());
        Assert.That(SpinWait.SpinUntil(() => server.Shared.Sessions == 0, Patience), Is.True);
        await AssertServesAsync(server);
    }

    [Test]
    public async Task Of_a_thousand_streams_those_beyond_the_limit_are_refused_and_memory_returns()
    {
        const int Limit = 100;
        await using RunningServer server = await RunningServer.StartAsync(static options => options with { MaxSessions = Limit });
        for (int i = 0; i < 3; i++)
        {
            await FloodAsync(server, 1_000, Limit);
        }

        long before = Settled();
        for (int i = 0; i < 6; i++)
        {
            await FloodAsync(server, 1_000, Limit);
        }

        // Buffers of connections go back to the system by and by.
        Assert.That(() => Settled(), Is.LessThan(before * 1.1).After(30_000, 500));
        await AssertServesAsync(server);
    }

    [Test]
    public async Task Calls_that_are_cancelled_at_any_time_leave_nothing()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await CancelAsync(server, 300);
        long before = Settled();

        await CancelAsync(server, 200);

        Assert.That(SpinWait.SpinUntil(() => server.Shared is { Sessions: 0, Queued: 0 }, Patience), Is.True);
        Assert.That(() => Settled(), Is.LessThan(before * 1.1).After(30_000, 500));
        await AssertServesAsync(server);
    }

    private static async Task CancelAsync(RunningServer server, int sessions)
    {
        Random random = new(1);
        for (int i = 0; i < sessions; i++)
        {
            await using SessionClient client = await OpenAsync(server.Channel, static _ => null);
            await CreateAsync(client, 1);
            if (random.Next(2) == 0)
            {
                await client.SendAsync(new SessionRequest { CallId = 1, CancelCall = new CancelCall() });
            }

            await Task.Delay(random.Next(3));
        }
    }

    private static async Task FloodAsync(RunningServer server, int streams, int limit)
    {
        using GrpcChannel channel = RunningServer.Connect(server.Socket);
        SessionClient[] clients = [.. Enumerable.Range(0, streams).Select(_ => new SessionClient(channel, static _ => null))];
        int opened = 0;
        int refused = 0;
        await Task.WhenAll(clients.Select(async client =>
        {
            try
            {
                await client.OpenAsync();
            }
            catch (RpcException)
            {
                // Refused already; the status is read below.
            }

            try
            {
                await client.NextAsync();
                Interlocked.Increment(ref opened);
            }
            catch (RpcException e) when (e.StatusCode == StatusCode.ResourceExhausted)
            {
                Interlocked.Increment(ref refused);
            }
        }));
        Assert.That((opened, refused), Is.EqualTo((limit, streams - limit)));
        foreach (SessionClient client in clients)
        {
            await client.DisposeAsync();
        }

        Assert.That(SpinWait.SpinUntil(() => server.Shared.Sessions == 0, Patience), Is.True);
    }

    private static long Settled()
    {
        for (int i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        return GC.GetTotalMemory(forceFullCollection: true);
    }

    private static async Task<SessionClient> OpenAsync(ChannelBase channel, Func<Callback, CallbackAnswer?> answer)
    {
        SessionClient client = new(channel, answer);
        await client.OpenAsync();
        Assert.That((await client.NextAsync()).FrameCase, Is.EqualTo(SessionResponse.FrameOneofCase.Opened));
        return client;
    }

    private static Task CreateAsync(SessionClient client, ulong id) => client.SendAsync(new SessionRequest
    {
        CallId = id,
        CreateMachine = new CreateMachine { MachineId = id, Settings = SessionTests.Settings() },
    });

    private static async Task AssertServesAsync(RunningServer server)
    {
        await using SessionClient client = await OpenAsync(server.Channel, static _ => new CallbackAnswer { Failure = new CallbackFailure() });
        await CreateAsync(client, 1);
        Assert.That((await client.NextAsync()).Error.Detail.Reason, Is.EqualTo(ErrorReason.CallbackFailed));
    }
}
