using System.Net.Sockets;
using Fvm.Protocol.V1;

namespace Fvm.Sidecar.Tests;

/// <summary>
/// Bytes of a real session, changed at random, sent to the port: the server answers or hangs up, and serves others.
/// <c>FVM_FUZZ_CASES</c> and <c>FVM_FUZZ_SEED</c> choose how many and which.
/// </summary>
public sealed class ByteFuzzTests
{
    private const int StandardCases = 150;
    private const int CasesPerCheck = 50;

    private static int Cases => int.TryParse(System.Environment.GetEnvironmentVariable("FVM_FUZZ_CASES"), out int cases) ? cases : StandardCases;

    private static int Seed => int.TryParse(System.Environment.GetEnvironmentVariable("FVM_FUZZ_SEED"), out int seed) ? seed : 1;

    [Test]
    public async Task Fuzz_no_bytes_at_the_port_end_the_server_or_stay_in_it()
    {
        await using RunningServer server = await RunningServer.StartAsync(
            static options => options with { CallbackTimeout = TimeSpan.FromSeconds(2), IdleTimeout = TimeSpan.FromSeconds(5) });
        byte[] recorded = await RecordAsync(server);
        Assert.That(recorded, Has.Length.GreaterThan(200));
        Assert.That(Send(server.Socket, recorded, patience: 5_000), Is.GreaterThan(0), "the bytes themselves are answered");
        Random random = new(Seed);
        for (int i = 0; i < Cases; i++)
        {
            Send(server.Socket, Mutate(recorded, random));
            if (i % CasesPerCheck == CasesPerCheck - 1)
            {
                await AssertServesAsync(server);
            }
        }

        await AssertServesAsync(server);
        Assert.That(SpinWait.SpinUntil(() => server.Shared is { Sessions: 0, Queued: 0 }, TimeSpan.FromSeconds(30)), Is.True);
    }

    private static byte[] Mutate(byte[] original, Random random)
    {
        List<byte> bytes = [.. original];
        for (int changes = random.Next(1, 8); changes > 0 && bytes.Count > 1; changes--)
        {
            int at = random.Next(bytes.Count);
            switch (random.Next(6))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2:
                    bytes.RemoveRange(at, Math.Min(random.Next(1, 20), bytes.Count - at));
                    break;
                case 3:
                    bytes.InsertRange(at, bytes.GetRange(at, Math.Min(random.Next(1, 40), bytes.Count - at)));
                    break;
                case 4:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                default:
                    byte[] noise = new byte[random.Next(1, 64)];
                    random.NextBytes(noise);
                    bytes.InsertRange(at, noise);
                    break;
            }
        }

        return [.. bytes];
    }

    // The number of bytes in answer. A case has little patience: it leaves while the server is still at work.
    private static int Send(string path, byte[] bytes, int patience = 25)
    {
        using Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { ReceiveTimeout = patience, SendTimeout = 2_000 };
        socket.Connect(new UnixDomainSocketEndPoint(path));
        int answered = 0;
        try
        {
            socket.Send(bytes);
            byte[] answer = new byte[4_096];
            while (socket.Receive(answer) is > 0 and int length)
            {
                answered += length;
            }
        }
        catch (SocketException)
        {
            // It hung up, or has no more to say.
        }

        return answered;
    }

    // A proxy notes what a client sends in a session with a callback.
    private static async Task<byte[]> RecordAsync(RunningServer server)
    {
        string path = server.Socket + "-proxy";
        using Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen();
        using MemoryStream recorded = new();

        // The client's connection may outlive its channel.
        using CancellationTokenSource talked = new();
        Task proxy = Task.Run(async () =>
        {
            using NetworkStream client = new(await listener.AcceptAsync(), ownsSocket: true);
            Socket forward = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await forward.ConnectAsync(new UnixDomainSocketEndPoint(server.Socket));
            using NetworkStream to = new(forward, ownsSocket: true);
            Task back = to.CopyToAsync(client);
            byte[] buffer = new byte[4_096];
            while (await client.ReadAsync(buffer, talked.Token) is > 0 and int length)
            {
                recorded.Write(buffer, 0, length);
                await to.WriteAsync(buffer.AsMemory(0, length));
            }
        });
        using (Grpc.Net.Client.GrpcChannel channel = RunningServer.Connect(path))
        {
            await TalkAsync(channel);
        }

        await talked.CancelAsync();
        await proxy.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return recorded.ToArray();
    }

    private static Task AssertServesAsync(RunningServer server) => TalkAsync(server.Channel);

    private static async Task TalkAsync(Grpc.Core.ChannelBase channel)
    {
        await using SessionClient client = new(channel, static _ => new CallbackAnswer { Failure = new CallbackFailure { Message = "no" } });
        await client.OpenAsync();
        Assert.That((await client.NextAsync()).FrameCase, Is.EqualTo(SessionResponse.FrameOneofCase.Opened));
        await client.SendAsync(new SessionRequest
        {
            CallId = 1,
            CreateMachine = new CreateMachine { MachineId = 1, Settings = SessionTests.Settings() },
        });
        Assert.That((await client.NextAsync()).Error.Detail.Reason, Is.EqualTo(ErrorReason.CallbackFailed));
        RunMachine run = new() { MachineId = 2, Settings = SessionTests.Settings(), Flushes = true, ReturnsBlocks = true, Drops = true };
        run.Messages.Add(new MessageInput { Message = Google.Protobuf.ByteString.CopyFrom(0x8a, 0x00), Kind = Protocol.V1.ApplyKind.Explicit });
        await client.SendAsync(new SessionRequest { CallId = 2, RunMachine = run });
        Assert.That((await client.NextAsync()).Error.Detail.Reason, Is.EqualTo(ErrorReason.CallbackFailed));
        await client.CompleteAsync();
    }
}
