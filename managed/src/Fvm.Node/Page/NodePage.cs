using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Fvm.Node;

/// <summary>The page for browsers at <c>/</c>: files in the program, which load nothing from elsewhere and call the node that serves them.</summary>
internal sealed class NodePage
{
    // The page has no scripts, styles or images but its own files; what contracts return is never executed, even if the page had a fault.
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self' ws: wss:; base-uri 'none'; form-action 'none'; "
        + "frame-ancestors 'none'";

    private readonly Dictionary<string, PageFile> _files;

    public NodePage()
    {
        _files = new Dictionary<string, PageFile>(StringComparer.Ordinal)
        {
            ["/"] = Read("index.html", "text/html; charset=utf-8"),
            ["/page/page.css"] = Read("page.css", "text/css; charset=utf-8"),
            ["/page/icon.svg"] = Read("icon.svg", "image/svg+xml"),
        };
        foreach (string module in (string[])["main", "node", "view", "format", "abi", "flame", "blocks", "transaction", "account"])
        {
            _files[$"/page/{module}.js"] = Read($"{module}.js", "text/javascript; charset=utf-8");
        }
    }

    /// <summary>Answers a GET or HEAD request for a file of the page; false for every other request.</summary>
    public async Task<bool> TryServeAsync(HttpContext context)
    {
        HttpRequest request = context.Request;
        bool isHead = HttpMethods.IsHead(request.Method);
        if (!isHead && !HttpMethods.IsGet(request.Method) || !_files.TryGetValue(request.Path.Value ?? string.Empty, out PageFile? file))
        {
            return false;
        }

        HttpResponse response = context.Response;
        response.Headers.ContentSecurityPolicy = Policy;
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers["Referrer-Policy"] = "no-referrer";
        response.Headers.CacheControl = "no-cache";
        response.Headers.ETag = file.Tag;
        if (Matches(request.Headers.IfNoneMatch, file.Tag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return true;
        }

        response.ContentType = file.ContentType;
        response.ContentLength = file.Content.Length;
        if (!isHead)
        {
            await response.BodyWriter.WriteAsync(file.Content, context.RequestAborted);
        }

        return true;
    }

    private static bool Matches(StringValues given, string tag)
    {
        foreach (string? value in given)
        {
            if (value is not null && value.Contains(tag, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    private static PageFile Read(string name, string contentType)
    {
        using Stream stream = typeof(NodePage).Assembly.GetManifestResourceStream($"page/{name}")
            ?? throw new InvalidOperationException($"the program lacks its file {name}");
        byte[] content = new byte[stream.Length];
        stream.ReadExactly(content);
        return new PageFile(content, contentType, $"\"{Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, 8))}\"");
    }

    private sealed record PageFile(byte[] Content, string ContentType, string Tag);
}
