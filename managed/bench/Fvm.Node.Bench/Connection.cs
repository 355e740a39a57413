using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Fvm.Node.Bench;

/// <summary>A connection to a node that is kept open: requests one after another over HTTP 1.1.</summary>
internal sealed class Connection : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly string _host;
    private byte[] _buffer = new byte[1 << 16];

    public Connection(Uri node)
    {
        _host = node.Authority;
        _socket.Connect(node.Host, node.Port);
    }

    /// <summary>The bytes of a request.</summary>
    public byte[] Prepare(string method, string parameters) =>
        Http("/", $$"""{"jsonrpc":"2.0","id":1,"method":"{{method}}","params":{{parameters}}}""");

    /// <summary>The result of a request.</summary>
    /// <exception cref="BenchException">It is an error.</exception>
    public JsonElement Ask(string method, string parameters)
    {
        ReadOnlySpan<byte> body = Exchange(Prepare(method, parameters));
        JsonElement answer = JsonElement.Parse(body);
        return answer.TryGetProperty("result", out JsonElement result)
            ? result
            : throw new BenchException($"{method}: {Encoding.UTF8.GetString(body[..Math.Min(body.Length, 400)])}");
    }

    /// <summary>Sends a request to a path, whose answer does not matter.</summary>
    public void Post(string path) => _ = Exchange(Http(path, string.Empty));

    /// <summary>Sends a request, and receives the answer's body, which is valid until the next request.</summary>
    public ReadOnlySpan<byte> Exchange(byte[] request)
    {
        _ = _socket.Send(request);
        int have = 0;
        int head;
        while ((head = _buffer.AsSpan(0, have).IndexOf("\r\n\r\n"u8)) < 0)
        {
            have += Receive(have);
        }

        int length = LengthIn(Encoding.ASCII.GetString(_buffer, 0, head));
        int end = head + 4 + length;
        while (have < end)
        {
            have += Receive(have);
        }

        return _buffer.AsSpan(head + 4, length);
    }

    public void Dispose() => _socket.Dispose();

    private static int LengthIn(string head)
    {
        const string Name = "content-length:";
        int at = head.IndexOf(Name, StringComparison.OrdinalIgnoreCase);
        string rest = at < 0 ? throw new BenchException($"an answer without a length: {head}") : head[(at + Name.Length)..];
        int line = rest.IndexOf('\r', StringComparison.Ordinal);
        return int.Parse((line < 0 ? rest : rest[..line]).Trim(), CultureInfo.InvariantCulture);
    }

    private byte[] Http(string path, string body) => Encoding.UTF8.GetBytes(
        $"POST {path} HTTP/1.1\r\nHost: {_host}\r\nContent-Type: application/json\r\n"
        + $"Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}");

    private int Receive(int have)
    {
        if (have == _buffer.Length)
        {
            Array.Resize(ref _buffer, 2 * _buffer.Length);
        }

        int read = _socket.Receive(_buffer.AsSpan(have));
        return read > 0 ? read : throw new BenchException("the node has closed the connection");
    }
}
