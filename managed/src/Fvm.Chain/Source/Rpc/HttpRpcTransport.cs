using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace Fvm.Chain;

/// <summary>JSON-RPC over HTTP: a request is one call, or a batch of them.</summary>
internal sealed class HttpRpcTransport : IRpcTransport
{
    private const int FirstBuffer = 64 << 10;
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(2);

    private readonly RpcEndpoint _endpoint;
    private readonly RpcSettings _settings;
    private readonly HttpClient _client;

    public HttpRpcTransport(RpcEndpoint endpoint, RpcSettings settings)
    {
        _endpoint = endpoint;
        _settings = settings;

        // No redirects: the token would go to another host.
        _client = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.All,
            ConnectTimeout = ConnectTimeout,
            MaxConnectionsPerServer = settings.InFlight + 2,
            PooledConnectionLifetime = ConnectionLifetime,
            UseCookies = false,
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<RpcAnswer>> SendAsync(IReadOnlyList<RpcCall> calls, CancellationToken cancellation)
    {
        string body = calls.Count == 1 ? calls[0].ToString() : $"[{string.Join(',', calls)}]";
        using HttpRequestMessage request = new(HttpMethod.Post, _endpoint.Address)
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        if (_endpoint.Token is string token)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        try
        {
            using HttpResponseMessage response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation)
                .ConfigureAwait(false);
            if (response.StatusCode != HttpStatusCode.OK)
            {
                throw HttpProblem.Of(
                    response.StatusCode, response.Headers.RetryAfter, response.Headers.Location?.OriginalString, calls.Count > 1);
            }

            return Parse(await ReadAsync(response, cancellation).ConfigureAwait(false), calls);
        }
        catch (HttpRequestException exception)
        {
            throw HttpProblem.Of(exception);
        }
        catch (IOException exception)
        {
            throw new RpcException($"the connection broke: {exception.Message}", isTransient: true);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    // The length that the node declares is not trusted: a compressed answer has another one.
    private async Task<ReadOnlyMemory<byte>> ReadAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        Stream stream = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        await using ConfiguredAsyncDisposable _ = stream.ConfigureAwait(false);
        byte[] buffer = new byte[FirstBuffer];
        int have = 0;
        while (true)
        {
            int read = await stream.ReadAsync(buffer.AsMemory(have), cancellation).ConfigureAwait(false);
            if (read == 0)
            {
                return buffer.AsMemory(0, have);
            }

            have += read;
            if (have > _settings.MaxAnswerBytes)
            {
                throw new RpcException($"the answer is longer than {_settings.MaxAnswerBytes} bytes", isTransient: false);
            }

            if (have == buffer.Length)
            {
                Array.Resize(ref buffer, (int)Math.Min(2L * buffer.Length, (long)_settings.MaxAnswerBytes + 1));
            }
        }
    }

    private static IReadOnlyList<RpcAnswer> Parse(ReadOnlyMemory<byte> bytes, IReadOnlyList<RpcCall> calls)
    {
        JsonElement root = RpcAnswer.Parse(bytes);
        if (calls.Count == 1)
        {
            return [RpcAnswer.Of(root)];
        }

        if (root.ValueKind != JsonValueKind.Array)
        {
            RpcAnswer whole = RpcAnswer.Of(root);
            throw new RpcException(whole.Error is null ? "one answer to several calls" : whole.Problem, isTransient: true)
            {
                RefusesBatch = !whole.IsRateLimit,
            };
        }

        return InOrder(root, calls);
    }

    private static RpcAnswer[] InOrder(JsonElement answers, IReadOnlyList<RpcCall> calls)
    {
        RpcAnswer[] ordered = new RpcAnswer[calls.Count];
        bool[] given = new bool[calls.Count];
        foreach (JsonElement answer in answers.EnumerateArray())
        {
            // The numbers of a batch are consecutive.
            if (answer.ValueKind == JsonValueKind.Object && answer.TryGetProperty("id", out JsonElement id) && id.ValueKind == JsonValueKind.Number
                && id.TryGetInt64(out long number) && number - calls[0].Id is >= 0 and long index && index < calls.Count)
            {
                ordered[index] = RpcAnswer.Of(answer);
                given[index] = true;
            }
        }

        int missing = Array.IndexOf(given, false);
        return missing < 0
            ? ordered
            : throw new RpcException($"{given.Count(static one => !one)} of {calls.Count} answers are missing", isTransient: true);
    }
}
