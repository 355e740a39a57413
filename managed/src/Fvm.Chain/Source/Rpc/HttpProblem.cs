using System.Globalization;
using System.Net;
using System.Net.Http.Headers;

namespace Fvm.Chain;

/// <summary>Failures of HTTP, and whether another attempt may help.</summary>
internal static class HttpProblem
{
    /// <summary>A connection that failed.</summary>
    public static RpcException Of(HttpRequestException exception) =>
        new(TextOf(exception), exception.HttpRequestError != HttpRequestError.SecureConnectionError)
        {
            IsUnreachable = exception.HttpRequestError is HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError,
        };

    /// <summary>A status that is not the wanted one.</summary>
    /// <param name="status">The status.</param>
    /// <param name="retryAfter">The pause that the node asks for; null for none.</param>
    /// <param name="location">Where it redirects to; null for nowhere.</param>
    /// <param name="isBatch">Whether the request has several calls.</param>
    public static RpcException Of(HttpStatusCode status, RetryConditionHeaderValue? retryAfter, string? location, bool isBatch)
    {
        int code = (int)status;
        string name = string.Create(CultureInfo.InvariantCulture, $"HTTP status {code}");
        return status switch
        {
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => new RpcException($"{name}: {RpcException.TokenRemedy}", isTransient: false),
            HttpStatusCode.NotFound => new RpcException(
                $"{name}: nothing is served there; the API of Lotus and Forest is at /rpc/v1", isTransient: false),
            HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable => new RpcException(
                $"{name}: the node refuses further requests for now", isTransient: true)
            {
                RetryAfter = PauseOf(retryAfter),
            },
            HttpStatusCode.RequestTimeout => new RpcException(name, isTransient: true),
            HttpStatusCode.BadRequest or HttpStatusCode.RequestEntityTooLarge or HttpStatusCode.MethodNotAllowed when isBatch =>
                new RpcException(name, isTransient: true) { RefusesBatch = true },
            _ when code is >= 300 and < 400 => new RpcException(
                $"{name}: it redirects to {location?.Split('?')[0] ?? "nowhere"}: give that URL", isTransient: false),
            _ => new RpcException(name, isTransient: code >= 500),
        };
    }

    private static string TextOf(HttpRequestException exception) => exception.HttpRequestError switch
    {
        HttpRequestError.NameResolutionError => "the host's name is not known",
        HttpRequestError.ConnectionError => $"no connection: {exception.GetBaseException().Message}: is the node running?",
        HttpRequestError.SecureConnectionError => $"no TLS connection: {exception.GetBaseException().Message}",
        HttpRequestError.InvalidResponse => "the answer is not HTTP",
        _ => $"the connection broke: {exception.GetBaseException().Message}",
    };

    private static TimeSpan? PauseOf(RetryConditionHeaderValue? header)
    {
        TimeSpan? pause = header?.Delta ?? (header?.Date - DateTimeOffset.UtcNow);
        return pause < TimeSpan.Zero ? TimeSpan.Zero : pause;
    }
}
