using System.Buffers;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Fvm.Node;

/// <summary>
/// HTTP requests: JSON-RPC by POST, upgrades to WebSocket, preflights of CORS, all on any path; the page for browsers by GET. Credentials are
/// ignored.
/// </summary>
internal sealed class RpcHttp(RpcDispatcher dispatcher, IReadOnlyList<string> allowedOrigins, CancellationToken stopping)
{
    private const int FirstBuffer = 64 << 10;
    private const string PreflightSeconds = "86400";

    private readonly NodePage _page = new();

    /// <summary>Handles one request.</summary>
    public async Task HandleAsync(HttpContext context)
    {
        bool isAllowed = AllowOrigin(context);
        if (context.WebSockets.IsWebSocketRequest)
        {
            if (isAllowed)
            {
                await ServeWebSocketAsync(context);
                return;
            }

            await WriteTextAsync(context, StatusCodes.Status403Forbidden, "web pages of this origin may not call this node\n");
        }
        else if (HttpMethods.IsPost(context.Request.Method))
        {
            await ServePostAsync(context);
        }
        else if (HttpMethods.IsOptions(context.Request.Method))
        {
            Preflight(context);
        }
        else if (!await _page.TryServeAsync(context))
        {
            await WriteTextAsync(
                context, StatusCodes.Status405MethodNotAllowed, "This is a node for JSON-RPC: POST a request such as\n"
                + """{"jsonrpc":"2.0","id":1,"method":"eth_chainId","params":[]}""" + "\nor open a WebSocket. The page for browsers is at /.\n");
        }
    }

    private static async Task WriteTextAsync(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        context.Response.Headers.Allow = "POST, OPTIONS";
        await context.Response.WriteAsync(text);
    }

    private static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpContext context)
    {
        // Not by the length that the client claims.
        ArrayBufferWriter<byte> body = new(FirstBuffer);
        while (true)
        {
            int read = await context.Request.Body.ReadAsync(body.GetMemory(FirstBuffer), context.RequestAborted);
            if (read == 0)
            {
                return body.WrittenMemory;
            }

            body.Advance(read);
        }
    }

    private async Task ServePostAsync(HttpContext context)
    {
        ReadOnlyMemory<byte> response;
        try
        {
            ReadOnlyMemory<byte> body = await ReadAsync(context);
            using CancellationTokenSource ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
            response = await dispatcher.AnswerAsync(body, session: null, ended.Token);
        }
        catch (BadHttpRequestException e)
        {
            context.Response.StatusCode = e.StatusCode;
            response = RpcDispatcher.ErrorWithoutId(RpcErrorCode.InvalidRequest, e.StatusCode == StatusCodes.Status413PayloadTooLarge
                ? $"the request is longer than {dispatcher.Limits.MaxRequestBytes} bytes"
                : "the body cannot be read");
        }
        catch (OperationCanceledException)
        {
            return;
        }

        // Only notifications: no content, but 200 as clients expect.
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = response.Length;
        await context.Response.BodyWriter.WriteAsync(response, context.RequestAborted);
    }

    // Whether a page of the request's origin may call, or there is no page.
    private bool AllowOrigin(HttpContext context)
    {
        string? origin = context.Request.Headers.Origin;
        if (string.IsNullOrEmpty(origin))
        {
            return true;
        }

        bool all = allowedOrigins.Contains("*");
        if (!all && !allowedOrigins.Contains(origin, StringComparer.OrdinalIgnoreCase))
        {
            return false;
        }

        context.Response.Headers.AccessControlAllowOrigin = all ? "*" : origin;
        if (!all)
        {
            context.Response.Headers.Vary = "Origin";
        }

        return true;
    }

    private static void Preflight(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        if (StringValues.IsNullOrEmpty(context.Response.Headers.AccessControlAllowOrigin))
        {
            return;
        }

        StringValues headers = context.Request.Headers.AccessControlRequestHeaders;
        context.Response.Headers.AccessControlAllowMethods = "POST, GET, OPTIONS";
        context.Response.Headers.AccessControlAllowHeaders = StringValues.IsNullOrEmpty(headers) ? "*" : headers;
        context.Response.Headers.AccessControlMaxAge = PreflightSeconds;
        if (context.Request.Headers.ContainsKey("Access-Control-Request-Private-Network"))
        {
            context.Response.Headers["Access-Control-Allow-Private-Network"] = "true";
        }
    }

    private async Task ServeWebSocketAsync(HttpContext context)
    {
        using WebSocket socket = await context.WebSockets.AcceptWebSocketAsync();
        using RpcSession session = new(dispatcher, (message, cancellation) =>
            socket.SendAsync(message, WebSocketMessageType.Text, endOfMessage: true, cancellation));
        using CancellationTokenRegistration end = stopping.Register(session.Close);
        Task sending = session.SendAllAsync();
        WebSocketCloseStatus status = WebSocketCloseStatus.NormalClosure;
        try
        {
            status = await ReceiveAsync(socket, session);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException)
        {
            // The client is gone, reads no more, or the node stops.
            status = WebSocketCloseStatus.EndpointUnavailable;
        }

        session.Close();
        try
        {
            await sending;
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException)
        {
            // As above.
        }

        await CloseAsync(socket, status);
    }

    private async Task<WebSocketCloseStatus> ReceiveAsync(WebSocket socket, RpcSession session)
    {
        ArrayBufferWriter<byte> message = new();
        while (true)
        {
            ValueWebSocketReceiveResult received = await socket.ReceiveAsync(message.GetMemory(FirstBuffer), session.Closed);
            if (received.MessageType == WebSocketMessageType.Close)
            {
                return WebSocketCloseStatus.NormalClosure;
            }

            message.Advance(received.Count);
            if (message.WrittenCount > dispatcher.Limits.MaxRequestBytes)
            {
                return WebSocketCloseStatus.MessageTooBig;
            }

            if (received.EndOfMessage)
            {
                await session.ReceiveAsync(message.WrittenSpan.ToArray());
                message = new ArrayBufferWriter<byte>();
            }
        }
    }

    private static async Task CloseAsync(WebSocket socket, WebSocketCloseStatus status)
    {
        if (socket.State is not (WebSocketState.Open or WebSocketState.CloseReceived))
        {
            return;
        }

        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(1));
        try
        {
            await socket.CloseOutputAsync(status, statusDescription: null, limit.Token);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException)
        {
            // The client is gone.
        }
    }
}
