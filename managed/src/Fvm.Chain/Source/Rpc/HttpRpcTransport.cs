using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace Fvm.Chain;

/// <summary>JSON-RPC over HTTP: a request is one call, or a batch of them.</summary>
internal sealed class HttpRpcTransport : IRpcTransport
{
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(2);

    private readonly RpcEndpoint _endpoint;
    private readonly RpcSettings _settings;
    private readonly HttpClient _client;

    public HttpRpcTransport(RpcEndpoint endpoint, RpcSettings settings)
    {
        _endpoint = endpoint;
        _settings = settings;
        SocketsHttpHandler handler = RpcConnection.CreateHandler();
        handler.AutomaticDecompression = DecompressionMethods.All;
        handler.MaxConnectionsPerServer = settings.InFlight + 2;
        handler.PooledConnectionLifetime = ConnectionLifetime;
        _client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
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

    private async Task<ReadOnlyMemory<byte>> ReadAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        Stream stream = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        await using ConfiguredAsyncDisposable _ = stream.ConfigureAwait(false);
        AnswerBuffer answer = new(_settings.MaxAnswerBytes);
        while (await stream.ReadAsync(answer.Free, cancellation).ConfigureAwait(false) is > 0 and int read)
        {
            answer.Advance(read);
        }

        return answer.Written;
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
            if (RpcAnswer.TryGetId(answer, out long number) && number - calls[0].Id is >= 0 and long index && index < calls.Count)
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
