using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Fvm.Ipld;

namespace Fvm.Chain.Tests;

/// <summary>A node's JSON-RPC over HTTP that misbehaves as a test tells it. One request per connection.</summary>
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

    public IReadOnlyList<Cid> Head { get; set; }

    public int Port { get; }

    public int Requests => Volatile.Read(ref _requests);

    /// <summary>The number of calls in each request.</summary>
    public ConcurrentQueue<int> Batches { get; } = [];

    public string Url => $"http://127.0.0.1:{Port}";

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
            using JsonDocument request = JsonDocument.Parse(await ReadBodyAsync(stream));
            JsonElement root = request.RootElement;
            Batches.Enqueue(root.ValueKind == JsonValueKind.Array ? root.GetArrayLength() : 1);
            byte[]? response = await Fault(Interlocked.Increment(ref _requests), root, stream);
            await stream.WriteAsync(response ?? Response("200 OK", Answer(root)), _stop.Token);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or SocketException)
        {
            // The client has gone.
        }
    }

    private async Task<byte[]> ReadBodyAsync(NetworkStream stream)
    {
        List<byte> head = [];
        byte[] one = new byte[1];
        while (head.Count < 4 || !head[^4..].SequenceEqual("\r\n\r\n"u8.ToArray()))
        {
            await stream.ReadExactlyAsync(one, _stop.Token);
            head.Add(one[0]);
        }

        string length = Encoding.ASCII.GetString([.. head]).Split("\r\n")
            .Single(static line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase));
        byte[] body = new byte[int.Parse(length.Split(':')[1])];
        await stream.ReadExactlyAsync(body, _stop.Token);
        return body;
    }
}
