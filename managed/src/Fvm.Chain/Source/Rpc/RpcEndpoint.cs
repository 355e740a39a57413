namespace Fvm.Chain;

/// <summary>Where a node serves its JSON-RPC, and the token that it wants.</summary>
public sealed record RpcEndpoint
{
    /// <summary>The path of Lotus's and Forest's API of version 1.</summary>
    private const string DefaultPath = "/rpc/v1";

    private RpcEndpoint(Uri address, string? token)
    {
        Address = address;
        Token = token;
        Name = address.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);
    }

    /// <summary>The URL: of the scheme http, https, ws or wss.</summary>
    public Uri Address { get; }

    /// <summary>The token; null for none.</summary>
    public string? Token { get; }

    /// <summary>The URL as errors show it: without user, password and query, which may be secrets.</summary>
    public string Name { get; }

    /// <summary>Whether it is a WebSocket.</summary>
    internal bool IsWebSocket => Address.Scheme is "ws" or "wss";

    /// <summary>Parses a URL; one without a path gets that of the API of version 1.</summary>
    /// <param name="url">The URL.</param>
    /// <param name="token">The token; null for none.</param>
    /// <exception cref="FormatException">It is not a URL of a known scheme, or the token is not one line of printable ASCII.</exception>
    public static RpcEndpoint Parse(string url, string? token)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out Uri? address) || address.Scheme is not ("http" or "https" or "ws" or "wss"))
        {
            throw new FormatException("it is not a URL that begins with http://, https://, ws:// or wss://");
        }

        if (token is not null && (token.Length == 0 || token.AsSpan().ContainsAnyExceptInRange('!', '~')))
        {
            throw new FormatException("the token is not one word of printable characters");
        }

        UriBuilder builder = new(address) { Path = address.AbsolutePath == "/" ? DefaultPath : address.AbsolutePath };
        return new RpcEndpoint(builder.Uri, token);
    }

    /// <summary>Parses the form of Lotus's variable FULLNODE_API_INFO: a URL or multiaddress, after the token and a colon if there is one.</summary>
    /// <exception cref="FormatException">It has another form.</exception>
    public static RpcEndpoint ParseInfo(string info)
    {
        int colon = info.IndexOf(':');
        bool hasToken = colon >= 0 && !info.StartsWith('/') && !info.AsSpan(colon).StartsWith("://", StringComparison.Ordinal);
        string place = hasToken ? info[(colon + 1)..] : info;
        return Parse(place.StartsWith('/') ? UrlOf(place) : place, hasToken ? info[..colon] : null);
    }

    /// <summary>Not the token.</summary>
    public override string ToString() => Name;

    // Such as /ip4/127.0.0.1/tcp/1234/http.
    private static string UrlOf(string multiaddress)
    {
        string[] parts = multiaddress.Split('/');
        if (parts.Length is 5 or 6 && parts[1] is "ip4" or "ip6" or "dns" or "dns4" or "dns6" && parts[3] == "tcp")
        {
            string scheme = parts.Length == 6 ? parts[5] : "http";
            string host = parts[1] == "ip6" ? $"[{parts[2]}]" : parts[2];
            return $"{scheme}://{host}:{parts[4]}";
        }

        throw new FormatException("it is not a multiaddress such as /ip4/127.0.0.1/tcp/1234/http");
    }
}
