using Fvm.Protocol.V1;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;

namespace Fvm.Sidecar.Tests;

/// <summary>Connections to the Unix socket: with a thread each, or without one.</summary>
public sealed class ConnectionTests
{
    // More than have a thread of their own.
    private const int Connections = 150;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Test]
    public async Task More_connections_than_threads_are_served_alike_and_threads_return()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        for (int round = 0; round < 2; round++)
        {
            GrpcChannel[] channels = [.. Enumerable.Range(0, Connections).Select(_ => RunningServer.Connect(server.Socket))];
            SessionClient[] clients = [.. channels.Select(static channel => new SessionClient(channel, static _ => null))];
            foreach (SessionClient client in clients)
            {
                await client.OpenAsync();
                Assert.That((await client.NextAsync()).FrameCase, Is.EqualTo(SessionResponse.FrameOneofCase.Opened));
            }

            foreach (SessionClient client in clients)
            {
                await client.SendAsync(Refused(1, 0));
                Assert.That((await client.NextAsync()).FrameCase, Is.EqualTo(SessionResponse.FrameOneofCase.Error));
                await client.CompleteAsync();
                await client.DisposeAsync();
            }

            Array.ForEach(channels, static channel => channel.Dispose());
        }
    }

    /// <summary>HTTP/2's windows, of each stream and of the connection, grow by what was read: else the sender waits forever.</summary>
    [Test]
    public async Task Sessions_of_one_connection_send_many_times_what_its_windows_hold()
    {
        const int Sessions = 8;
        const int Frames = 12;
        await using RunningServer server = await RunningServer.StartAsync();
        await Task.WhenAll(Enumerable.Range(0, Sessions).Select(async _ =>
        {
            await using SessionClient client = new(server.Channel, static _ => null);
            await client.OpenAsync();
            await client.NextAsync();
            for (ulong call = 1; call <= Frames; call++)
            {
                await client.SendAsync(Refused(call, (300 << 10) + (int)call));
                Assert.That((await client.NextAsync()).CallId, Is.EqualTo(call));
            }

            await client.CompleteAsync();
        })).WaitAsync(Patience);
    }

    /// <summary>A frame larger than a window needs window updates before it is complete.</summary>
    [Test]
    public async Task A_frame_larger_than_the_windows_comes_through_also_as_the_first_one()
    {
        await using RunningServer server = await RunningServer.StartAsync(static options => options with { MaxFrameBytes = 16 << 20 });
        await using SessionClient client = new(server.Channel, static _ => null);
        await client.SendAsync(new SessionRequest { Open = new OpenSession { Client = new string('c', 5 << 20) } });
        Assert.That(
            client.NextAsync, Throws.TypeOf<RpcException>().With.Property(nameof(RpcException.StatusCode)).EqualTo(StatusCode.InvalidArgument));

        await using SessionClient other = new(server.Channel, static _ => null);
        await other.OpenAsync();
        await other.NextAsync();
        await other.SendAsync(Refused(1, 5 << 20));
        Assert.That((await other.NextAsync()).CallId, Is.EqualTo(1));
        await other.CompleteAsync();
    }

    // A call for a machine that does not exist.
    private static SessionRequest Refused(ulong call, int bytes) => new()
    {
        CallId = call,
        ExecuteMessage = new ExecuteMessage
        {
            MachineId = 7,
            Input = new MessageInput { Message = ByteString.CopyFrom(new byte[bytes]) },
        },
    };
}
