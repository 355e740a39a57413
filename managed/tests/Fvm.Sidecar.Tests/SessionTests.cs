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
        await client.OpenAsync();
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

    private static MachineSettings Settings() => new()
    {
        NetworkVersion = 28,
        BaseFee = new Protocol.V1.TokenAmount(),
        CirculatingSupply = new Protocol.V1.TokenAmount(),
        StateRoot = ToClient.Bytes(Ipld.Cid.Blake2b256(Ipld.Multicodec.DagCbor, [1])),
    };
}
