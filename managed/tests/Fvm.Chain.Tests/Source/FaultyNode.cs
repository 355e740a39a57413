using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Fvm.Ipld;

namespace Fvm.Chain.Tests;

/// <summary>
/// A node's JSON-RPC over HTTP, with one request per connection, and over WebSockets, that misbehaves as a test tells it.
/// </summary>
internal sealed class FaultyNode : IDisposable
{
    private readonly TcpListener _listener;
    private readonly IBlockstore _blocks;
    private readonly CancellationTokenSource _stop = new();
    private int _requests;

    public FaultyNode(IBlockstore blocks, IReadOnlyList<Cid>? head = null, int port = 0)
    {
        _blocks = blocks;
        Head = head ?? [];
        _listener = new TcpListener(IPAddress.Loopback, port);
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _ = Task.Run(AcceptAsync);
    }

    /// <summary>What a test does to a request, by its number from 1 on.</summary>
    /// <returns>The whole HTTP response; null for the right one.</returns>
    public Func<int, JsonElement, Stream, Task<byte[]?>> Fault { get; set; } = static (_, _, _) => Task.FromResult<byte[]?>(null);

    /// <summary>What a test does to a call over a WebSocket, by its number from 1 on; null for the right answer.</summary>
    public Func<int, JsonElement, WebSocket, Task<string?>> SocketFault { get; set; } = static (_, _, _) => Task.FromResult<string?>(null);

    /// <summary>The whole HTTP response to the opening of a WebSocket, by its number from 1 on; null for the right one.</summary>
    public Func<int, byte[]?> OpeningFault { get; set; } = static _ => null;

    public IReadOnlyList<Cid> Head { get; set; }

    public int Port { get; }

    public int Requests => Volatile.Read(ref _requests);

    /// <summary>The number of calls in each request.</summary>
    public ConcurrentQueue<int> Batches { get; } = [];

    public string Url => $"http://127.0.0.1:{Port}";

    public string SocketUrl => $"ws://127.0.0.1:{Port}";

    /// <summary>The header lines of each opening of a WebSocket.</summary>
    public ConcurrentQueue<string[]> Openings { get; } = [];

    public static byte[] Response(string status, string body, string headers = "") => Encoding.UTF8.GetBytes(
        $"HTTP/1.1 {status}\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\nConnection: close\r\n{headers}\r\n{body}");

    /// <summary>The right answer to a request.</summary>
    public string Answer(JsonElement request) => request.ValueKind == JsonValueKind.Array
        ? $"[{string.Join(',', request.EnumerateArray().Reverse().Select(Answer))}]"
        : AnswerOne(request);

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Dispose();
    }

    private string AnswerOne(JsonElement call)
    {
        long id = call.GetProperty("id").GetInt64();
        JsonElement parameters = call.GetProperty("params");
        switch (call.GetProperty("method").GetString())
        {
            case "Filecoin.ChainReadObj":
                Cid cid = Cid.Parse(parameters[0].GetProperty("/").GetString()!);
                return _blocks.Get(cid) is byte[] block
                    ? $$"""{"jsonrpc":"2.0","id":{{id}},"result":"{{Convert.ToBase64String(block)}}"}"""
                    : $$$"""{"jsonrpc":"2.0","id":{{{id}}},"error":{"code":1,"message":"blockstore get: ipld: could not find {{{cid}}}"}}""";
            case "Filecoin.ChainHead":
                string cids = string.Join(',', Head.Select(static each => $$"""{"/":"{{each}}"}"""));
                return $$$"""{"jsonrpc":"2.0","id":{{{id}}},"result":{"Cids":[{{{cids}}}],"Blocks":[],"Height":0}}""";
            default:
                return $$$"""{"jsonrpc":"2.0","id":{{{id}}},"error":{"code":-32601,"message":"method not found"}}""";
        }
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                TcpClient client = await _listener.AcceptTcpClientAsync(_stop.Token);
                _ = Task.Run(() => ServeAsync(client));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Disposed.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using TcpClient connection = client;
        NetworkStream stream = connection.GetStream();
        try
        {
            string[] head = await ReadHeadAsync(stream);
            if (ValueOf(head, "Sec-WebSocket-Key") is string key)
            {
                await ServeSocketAsync(stream, head, key);
                return;
            }

            using JsonDocument request = JsonDocument.Parse(await ReadBodyAsync(stream, head));
            JsonElement root = request.RootElement;
            Batches.Enqueue(root.ValueKind == JsonValueKind.Array ? root.GetArrayLength() : 1);
            byte[]? response = await Fault(Interlocked.Increment(ref _requests), root, stream);
            await stream.WriteAsync(response ?? Response("200 OK", Answer(root)), _stop.Token);
        }
        catch (Exception exception)
            when (exception is IOException or OperationCanceledException or SocketException or WebSocketException or ObjectDisposedException)
        {
            // The client has gone, or is dropped.
        }
    }

    private async Task ServeSocketAsync(NetworkStream stream, string[] head, string key)
    {
        Openings.Enqueue(head);
        if (OpeningFault(Openings.Count) is byte[] refusal)
        {
            await stream.WriteAsync(refusal, _stop.Token);
            return;
        }

        string accept = Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")));
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes(
                $"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\n\r\n"),
            _stop.Token);
        using WebSocket socket = WebSocket.CreateFromStream(stream, new WebSocketCreationOptions { IsServer = true });
        byte[] buffer = new byte[64 << 10];
        using SemaphoreSlim sending = new(1);
        while (true)
        {
            int have = 0;
            WebSocketReceiveResult part;
            do
            {
                part = await socket.ReceiveAsync(new ArraySegment<byte>(buffer, have, buffer.Length - have), _stop.Token);
                have += part.Count;
            }
            while (!part.EndOfMessage);

            if (part.MessageType == WebSocketMessageType.Close)
            {
                return;
            }

            _ = AnswerSocketAsync(socket, JsonDocument.Parse(buffer.AsMemory(0, have).ToArray()), sending);
        }
    }

    // Answers may overtake each other.
    private async Task AnswerSocketAsync(WebSocket socket, JsonDocument request, SemaphoreSlim sending)
    {
        using JsonDocument owned = request;
        try
        {
            Batches.Enqueue(request.RootElement.ValueKind == JsonValueKind.Array ? request.RootElement.GetArrayLength() : 1);
            string answer = await SocketFault(Interlocked.Increment(ref _requests), request.RootElement, socket) ?? Answer(request.RootElement);
            await sending.WaitAsync(_stop.Token);
            await socket.SendAsync(Encoding.UTF8.GetBytes(answer), WebSocketMessageType.Text, endOfMessage: true, _stop.Token);
            sending.Release();
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or WebSocketException or ObjectDisposedException)
        {
            // Dropped.
            socket.Abort();
        }
    }

    private static string? ValueOf(string[] head, string name) => head
        .FirstOrDefault(line => line.StartsWith($"{name}:", StringComparison.OrdinalIgnoreCase))?.Split(':', 2)[1].Trim();

    private async Task<string[]> ReadHeadAsync(NetworkStream stream)
    {
        List<byte> head = [];
        byte[] one = new byte[1];
        while (head.Count < 4 || !head[^4..].SequenceEqual("\r\n\r\n"u8.ToArray()))
        {
            await stream.ReadExactlyAsync(one, _stop.Token);
            head.Add(one[0]);
        }

        return Encoding.ASCII.GetString([.. head]).Split("\r\n");
    }

    private async Task<byte[]> ReadBodyAsync(NetworkStream stream, string[] head)
    {
        byte[] body = new byte[int.Parse(ValueOf(head, "Content-Length")!)];
        await stream.ReadExactlyAsync(body, _stop.Token);
        return body;
    }
}
