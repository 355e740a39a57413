using System.Runtime.Versioning;
using Fvm.Protocol.V1;
using Grpc.Core;

namespace Fvm.Sidecar.Tests;

public sealed class SessionTests
{
    [Test]
    public async Task A_first_frame_that_does_not_open_the_session_ends_it_with_a_reason()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await using SessionClient client = new(server.Channel, static _ => null);
        await client.SendAsync(new SessionRequest { CallId = 1, DropMachine = new DropMachine { MachineId = 1 } });

        RpcException status = (await Assert.ThrowsAsync<RpcException>(client.NextAsync))!;

        Assert.That(status.StatusCode, Is.EqualTo(StatusCode.FailedPrecondition));
        ErrorDetail detail = status.GetRpcStatus()!.Details[0].Unpack<ErrorDetail>();
        Assert.That(detail.Reason, Is.EqualTo(ErrorReason.ProtocolViolation));
    }

    [Test]
    public async Task A_machine_that_does_not_exist_fails_the_call_and_the_session_goes_on()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await using SessionClient client = new(server.Channel, static _ => null);
        await client.OpenAsync();
        await client.NextAsync();
        for (ulong call = 1; call <= 2; call++)
        {
            await client.SendAsync(new SessionRequest { CallId = call, FlushMachine = new FlushMachine { MachineId = 9 } });
            SessionResponse answer = await client.NextAsync();
            Assert.That((answer.CallId, answer.Error.Detail.Reason), Is.EqualTo((call, ErrorReason.UnknownOrUsedId)));
        }
    }

    [Test]
    public async Task More_machines_than_the_limit_are_refused_as_exhausted()
    {
        await using RunningServer server = await RunningServer.StartAsync(static options => options with { MaxMachines = 2 });
        await using SessionClient client = new(server.Channel, static _ => null);
        await client.OpenAsync();
        Assert.That((await client.NextAsync()).Opened.Limits.Machines, Is.EqualTo(2));
        List<CallError> errors = [];
        for (ulong id = 1; id <= 3; id++)
        {
            // Without settings the creation fails, and the machine stays until it is dropped.
            await client.SendAsync(new SessionRequest { CallId = id, CreateMachine = new CreateMachine { MachineId = id } });
            errors.Add((await client.NextAsync()).Error);
        }

        Assert.That(errors.Select(static error => (StatusCode)error.Code), Is.EqualTo(new[]
        {
            StatusCode.InvalidArgument, StatusCode.InvalidArgument, StatusCode.ResourceExhausted,
        }));
        Assert.That(errors[2].Detail.Subject, Is.EqualTo("machines"));
    }

    [Test]
    public async Task A_callback_that_is_never_answered_ends_its_call_in_time()
    {
        await using RunningServer server = await RunningServer.StartAsync(
            static options => options with { CallbackTimeout = TimeSpan.FromMilliseconds(200) });
        await using SessionClient client = new(server.Channel, static _ => null);
        await client.OpenAsync(prefetches: false);
        await client.NextAsync();
        await client.SendAsync(new SessionRequest { CallId = 1, CreateMachine = new CreateMachine { MachineId = 1, Settings = Settings() } });

        CallError error = (await client.NextAsync()).Error;

        Assert.That(((StatusCode)error.Code, error.Detail.Reason), Is.EqualTo((StatusCode.DeadlineExceeded, ErrorReason.CallbackTimeout)));
        Assert.That(client.Callbacks, Is.EqualTo(1));
    }

    [TestCase(CallbackFailureKind.Transient, StatusCode.Aborted, ErrorReason.CallbackFailed)]
    [TestCase(CallbackFailureKind.Unspecified, StatusCode.Aborted, ErrorReason.CallbackFailed)]
    [TestCase(CallbackFailureKind.Fatal, StatusCode.FailedPrecondition, ErrorReason.BrokenState)]
    public async Task A_callback_that_fails_tells_why(CallbackFailureKind kind, StatusCode code, ErrorReason reason)
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await using SessionClient client = new(server.Channel, _ => new CallbackAnswer
        {
            Failure = new CallbackFailure { Kind = kind, Message = "the disk is gone" },
        });
        await client.OpenAsync();
        await client.NextAsync();
        await client.SendAsync(new SessionRequest { CallId = 1, CreateMachine = new CreateMachine { MachineId = 1, Settings = Settings() } });

        CallError error = (await client.NextAsync()).Error;

        Assert.That(((StatusCode)error.Code, error.Detail.Reason), Is.EqualTo((code, reason)));
        Assert.That(error.Message, Does.Contain("the disk is gone"));
    }

    [Test]
    public async Task A_call_is_cancelled_while_it_waits_for_its_client()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        using SemaphoreSlim asked = new(0);
        await using SessionClient client = new(server.Channel, _ =>
        {
            asked.Release();
            return null;
        });
        await client.OpenAsync();
        await client.NextAsync();
        await client.SendAsync(new SessionRequest { CallId = 1, CreateMachine = new CreateMachine { MachineId = 1, Settings = Settings() } });
        Assert.That(await asked.WaitAsync(TimeSpan.FromSeconds(20)), Is.True);
        await client.SendAsync(new SessionRequest { CallId = 1, CancelCall = new CancelCall() });

        Assert.That((await client.NextAsync()).Error.Detail.Reason, Is.EqualTo(ErrorReason.Cancelled));
    }

    [Test]
    [SupportedOSPlatform("linux")]
    public async Task The_socket_is_its_owners_alone()
    {
        await using RunningServer server = await RunningServer.StartAsync();

        Assert.That(File.GetUnixFileMode(server.Socket), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
        Assert.That(PeerCredentials.MayConnect(peer: 1000, server: 1000), Is.True);
        Assert.That(PeerCredentials.MayConnect(peer: 0, server: 1000), Is.True);
        Assert.That(PeerCredentials.MayConnect(peer: 1001, server: 1000), Is.False);
    }

    [Test]
    public async Task Capabilities_and_health_are_told()
    {
        await using RunningServer server = await RunningServer.StartAsync();

        GetCapabilitiesResponse told = await new Protocol.V1.ExecutionService.ExecutionServiceClient(server.Channel)
            .GetCapabilitiesAsync(new GetCapabilitiesRequest());
        Grpc.Health.V1.HealthCheckResponse health = await new Grpc.Health.V1.Health.HealthClient(server.Channel)
            .CheckAsync(new Grpc.Health.V1.HealthCheckRequest { Service = "fvm.v1.SessionService" });

        Assert.That(told.NetworkVersions, Does.Contain(28u).And.Contain(16u));
        Assert.That(health.Status, Is.EqualTo(Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus.Serving));
    }

    [Test]
    public async Task A_full_queue_answers_exhausted_and_says_when_to_try_again()
    {
        await using RunningServer server = await RunningServer.StartAsync(static options => options with { Lanes = 1, MaxQueue = 1 });
        await using SessionClient client = await SilentAsync(server);
        for (ulong id = 1; id <= 3; id++)
        {
            await client.SendAsync(new SessionRequest { CallId = id, CreateMachine = new CreateMachine { MachineId = id, Settings = Settings() } });
        }

        CallError error = (await client.NextAsync()).Error;

        Assert.That(((StatusCode)error.Code, error.Detail.Subject), Is.EqualTo((StatusCode.ResourceExhausted, "queue")));
        Assert.That(error.Detail.RetryAfter.ToTimeSpan(), Is.GreaterThan(TimeSpan.Zero));
    }

    [Test]
    public async Task A_session_that_answers_nothing_leaves_lanes_for_others()
    {
        await using RunningServer server = await RunningServer.StartAsync(static options => options with { Lanes = 2, LanesPerSession = 1 });
        await using SessionClient silent = await SilentAsync(server);
        for (ulong id = 1; id <= 4; id++)
        {
            await silent.SendAsync(new SessionRequest { CallId = id, CreateMachine = new CreateMachine { MachineId = id, Settings = Settings() } });
        }

        await using SessionClient other = new(server.Channel, static _ => new CallbackAnswer { Failure = new CallbackFailure() });
        await other.OpenAsync();
        await other.NextAsync();
        await other.SendAsync(new SessionRequest { CallId = 1, CreateMachine = new CreateMachine { MachineId = 1, Settings = Settings() } });

        Assert.That((await other.NextAsync()).Error.Detail.Reason, Is.EqualTo(ErrorReason.CallbackFailed));
    }

    [Test]
    public async Task More_bytes_than_the_session_may_hold_are_refused_and_are_free_again_when_the_machine_is_dropped()
    {
        await using RunningServer server = await RunningServer.StartAsync(static options => options with { MaxSessionBytes = 1 << 20 });
        await using SessionClient client = await SilentAsync(server);
        Assert.That(await ShipAsync(client, 1, 400_000), Is.EqualTo(ErrorReason.InvalidField), "no settings, but the block stays");
        Assert.That(await ShipAsync(client, 2, 400_000), Is.EqualTo(ErrorReason.LimitReached));
        await client.SendAsync(new SessionRequest { CallId = 3, DropMachine = new DropMachine { MachineId = 1 } });
        Assert.That((await client.NextAsync()).FrameCase, Is.EqualTo(SessionResponse.FrameOneofCase.MachineDropped));
        Assert.That(await ShipAsync(client, 4, 400_000), Is.EqualTo(ErrorReason.InvalidField));
    }

    [Test]
    public async Task A_session_without_frames_ends_after_the_idle_timeout()
    {
        await using RunningServer server = await RunningServer.StartAsync(
            static options => options with { IdleTimeout = TimeSpan.FromMilliseconds(200) });
        await using SessionClient client = await SilentAsync(server);

        RpcException status = (await Assert.ThrowsAsync<RpcException>(client.NextAsync))!;

        Assert.That((status.StatusCode, status.GetRpcStatus()!.Details[0].Unpack<ErrorDetail>().Subject),
            Is.EqualTo((StatusCode.DeadlineExceeded, "idle_timeout")));
    }

    [Test]
    public async Task More_sessions_than_the_limit_are_refused_as_exhausted()
    {
        await using RunningServer server = await RunningServer.StartAsync(static options => options with { MaxSessions = 1 });
        await using SessionClient first = await SilentAsync(server);
        await using SessionClient second = new(server.Channel, static _ => null);

        RpcException status = (await Assert.ThrowsAsync<RpcException>(second.NextAsync))!;

        Assert.That(status.StatusCode, Is.EqualTo(StatusCode.ResourceExhausted));
    }

    [Test]
    public async Task A_stopping_server_lets_running_calls_end_and_refuses_others()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        using SemaphoreSlim asked = new(0);
        CallbackAnswer late = new() { Failure = new CallbackFailure { Message = "answered" } };
        await using SessionClient client = new(server.Channel, callback =>
        {
            late.CallbackId = callback.CallbackId;
            asked.Release();
            return null;
        });
        await client.OpenAsync(prefetches: false);
        await client.NextAsync();
        await client.SendAsync(new SessionRequest { CallId = 1, CreateMachine = new CreateMachine { MachineId = 1, Settings = Settings() } });
        await client.SendAsync(new SessionRequest { CallId = 2, FlushMachine = new FlushMachine { MachineId = 1 } });
        Assert.That(await asked.WaitAsync(TimeSpan.FromSeconds(20)), Is.True);
        Task stopping = server.StopAsync();
        Assert.That(SpinWait.SpinUntil(() => server.IsStopping, 20_000), Is.True);
        await client.SendAsync(new SessionRequest { CallId = 3, DropMachine = new DropMachine { MachineId = 1 } });

        // The second may reach the server after the stop as well: then it is refused at once, and not after the first.
        List<SessionResponse> ended = [await client.NextAsync()];
        await client.SendAsync(new SessionRequest { CallbackAnswer = late });
        ended.Add(await client.NextAsync());
        ended.Add(await client.NextAsync());
        Dictionary<ulong, CallError> errors = ended.ToDictionary(static frame => frame.CallId, static frame => frame.Error);
        RpcException end = (await Assert.ThrowsAsync<RpcException>(client.NextAsync))!;
        await stopping.WaitAsync(TimeSpan.FromSeconds(20));

        Assert.That(errors[1].Message, Does.Contain("answered"), "a call that ran");
        Assert.That(errors[2].Detail.Reason, Is.EqualTo(ErrorReason.Stopping), "a call that waited");
        Assert.That(errors[3].Detail.Reason, Is.EqualTo(ErrorReason.Stopping), "a call that came too late");
        Assert.That(end.StatusCode, Is.EqualTo(StatusCode.Unavailable), "the session");
    }

    private static async Task<SessionClient> SilentAsync(RunningServer server)
    {
        SessionClient client = new(server.Channel, static _ => null);
        await client.OpenAsync();
        await client.NextAsync();
        return client;
    }

    private static async Task<ErrorReason> ShipAsync(SessionClient client, ulong id, int bytes)
    {
        byte[] data = new byte[bytes];
        Block block = new()
        {
            Cid = ToClient.Bytes(Ipld.Cid.Blake2b256(Ipld.Multicodec.Raw, data)),
            Data = Google.Protobuf.ByteString.CopyFrom(data),
        };
        await client.SendAsync(new SessionRequest
        {
            CallId = id,
            CreateMachine = new CreateMachine { MachineId = id, Blocks = { block } },
        });
        return (await client.NextAsync()).Error.Detail.Reason;
    }

    internal static MachineSettings Settings() => new()
    {
        NetworkVersion = 28,
        BaseFee = new Protocol.V1.TokenAmount(),
        CirculatingSupply = new Protocol.V1.TokenAmount(),
        StateRoot = ToClient.Bytes(Ipld.Cid.Blake2b256(Ipld.Multicodec.DagCbor, [1])),
    };
}
