using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace Fvm.Node;

/// <summary>
/// Answers requests of JSON-RPC 2.0, single or in batches. The ID may be any JSON value, parameters may be missing or null, other members are
/// ignored, also a missing <c>jsonrpc</c>. A request without ID is a notification, which has no answer.
/// </summary>
/// <param name="registry">The methods.</param>
/// <param name="limits">The limits of a request.</param>
/// <param name="report">Takes the unforeseen failures: method and exception.</param>
internal sealed class RpcDispatcher(RpcRegistry registry, RpcLimits limits, Action<string, Exception>? report = null)
{
    private const int MaxShownName = 60;

    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public RpcLimits Limits { get; } = limits;

    /// <summary>Answers a request or a batch.</summary>
    /// <returns>The response; empty if there is none.</returns>
    public async ValueTask<ReadOnlyMemory<byte>> AnswerAsync(ReadOnlyMemory<byte> text, RpcSession? session, CancellationToken cancellation)
    {
        if (!Utf8.IsValid(text.Span))
        {
            return ErrorWithoutId(RpcErrorCode.ParseError, "the request is no JSON: it is not in UTF-8");
        }

        JsonDocument document;
        try
        {
            if (HasLoneSurrogate(text.Span))
            {
                return ErrorWithoutId(RpcErrorCode.ParseError, "the request is no JSON: a text is no valid Unicode");
            }

            document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = Limits.MaxDepth });
        }
        catch (JsonException e)
        {
            return ErrorWithoutId(RpcErrorCode.ParseError, $"the request is no JSON: {PrintableText.Of(e.Message)}");
        }

        using (document)
        {
            JsonElement root = document.RootElement;
            ArrayBufferWriter<byte> response = new();
            if (root.ValueKind != JsonValueKind.Array)
            {
                await AnswerOneAsync(root, response, session, cancellation);
                return response.WrittenMemory;
            }

            int count = root.GetArrayLength();
            return count switch
            {
                0 => ErrorWithoutId(RpcErrorCode.InvalidRequest, "the batch is empty"),
                _ when count > Limits.MaxBatch =>
                    ErrorWithoutId(RpcErrorCode.LimitExceeded, $"the batch has {count} requests: send at most {Limits.MaxBatch} at once"),
                _ => await AnswerBatchAsync(root, response, session, cancellation),
            };
        }
    }

    /// <summary>A notification of a subscription.</summary>
    public static byte[] Notification(string subscription, Action<Utf8JsonWriter> result) => NotificationOf("eth_subscription", writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("subscription", subscription);
        writer.WritePropertyName("result");
        result(writer);
        writer.WriteEndObject();
    });

    /// <summary>A notification.</summary>
    /// <param name="method">Its method.</param>
    /// <param name="parameters">Writes its parameters.</param>
    public static byte[] NotificationOf(string method, Action<Utf8JsonWriter> parameters)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter writer = new(buffer, WriterOptions))
        {
            writer.WriteStartObject();
            writer.WriteString("jsonrpc", "2.0");
            writer.WriteString("method", method);
            writer.WritePropertyName("params");
            parameters(writer);
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>A response for a request whose ID is unknown.</summary>
    public static ReadOnlyMemory<byte> ErrorWithoutId(RpcErrorCode code, string message)
    {
        ArrayBufferWriter<byte> buffer = new();
        WriteError(buffer, default, new RpcException(code, message));
        return buffer.WrittenMemory;
    }

    // Half of a surrogate pair in a name, at which all look-ups of names fail, or in a text of the parameters. IDs are given back as they came.
    private bool HasLoneSurrogate(ReadOnlySpan<byte> text)
    {
        if (text.IndexOf("\\u"u8) < 0)
        {
            return false;
        }

        Utf8JsonReader reader = new(text, new JsonReaderOptions { MaxDepth = Limits.MaxDepth });
        int depthOfIds = 1;
        while (reader.Read())
        {
            depthOfIds += reader is { CurrentDepth: 0, TokenType: JsonTokenType.StartArray } ? 1 : 0;
            if (reader.ValueIsEscaped && (reader.TokenType == JsonTokenType.PropertyName || reader.CurrentDepth > depthOfIds))
            {
                try
                {
                    _ = reader.GetString();
                }
                catch (InvalidOperationException)
                {
                    return true;
                }
            }
        }

        return false;
    }

    private async ValueTask<ReadOnlyMemory<byte>> AnswerBatchAsync(
        JsonElement batch, ArrayBufferWriter<byte> response, RpcSession? session, CancellationToken cancellation)
    {
        response.Write("["u8);
        bool isFirst = true;
        foreach (JsonElement request in batch.EnumerateArray())
        {
            ArrayBufferWriter<byte> part = new();
            if (response.WrittenCount > Limits.MaxBatchResponseBytes)
            {
                RefuseRest(request, part);
            }
            else
            {
                await AnswerOneAsync(request, part, session, cancellation);
            }

            if (part.WrittenCount > 0)
            {
                response.Write(isFirst ? [] : ","u8);
                response.Write(part.WrittenSpan);
                isFirst = false;
            }
        }

        response.Write("]"u8);
        return isFirst ? default : response.WrittenMemory;
    }

    private void RefuseRest(JsonElement request, ArrayBufferWriter<byte> response)
    {
        if (request.ValueKind == JsonValueKind.Object && request.TryGetProperty("id", out JsonElement id))
        {
            WriteError(response, id, new RpcException(
                RpcErrorCode.LimitExceeded, $"the responses of this batch exceed {Limits.MaxBatchResponseBytes} bytes: send a smaller one"));
        }
    }

    private async ValueTask AnswerOneAsync(
        JsonElement request, ArrayBufferWriter<byte> response, RpcSession? session, CancellationToken cancellation)
    {
        if (request.ValueKind != JsonValueKind.Object)
        {
            WriteError(response, default, new RpcException(RpcErrorCode.InvalidRequest, "a request is an object with id, method and params"));
            return;
        }

        bool hasId = request.TryGetProperty("id", out JsonElement id);
        ArrayBufferWriter<byte> result = new();
        RpcException? error = await RunAsync(request, result, session, cancellation);
        if (error is not null && (hasId || error.Code == RpcErrorCode.InvalidRequest))
        {
            WriteError(response, id, error);
        }
        else if (error is null && hasId)
        {
            WriteHead(response, id);
            response.Write(",\"result\":"u8);
            response.Write(result.WrittenSpan);
            response.Write("}"u8);
        }
    }

    // Every failure becomes an error of the client's request: no request may end the node.
    private async ValueTask<RpcException?> RunAsync(
        JsonElement request, ArrayBufferWriter<byte> result, RpcSession? session, CancellationToken cancellation)
    {
        string name = string.Empty;
        try
        {
            name = NameOf(request);
            using Utf8JsonWriter writer = new(result, WriterOptions);
            RpcCall call = new()
            {
                Method = name,
                Id = request.TryGetProperty("id", out JsonElement id) ? id.GetRawText() : string.Empty,
                Parameters = new RpcParameters(ParametersOf(request)),
                Result = writer,
                Session = session,
                Cancellation = cancellation,
            };
            if (!registry.TryGet(name, out RpcHandler? handler))
            {
                return new RpcException(RpcErrorCode.MethodNotFound, $"the method {Shown(name)} does not exist");
            }

            await handler(call);
            if (writer.BytesCommitted + writer.BytesPending == 0)
            {
                writer.WriteNullValue();
            }

            return writer.CurrentDepth == 0 ? null : throw new InvalidOperationException("the result is not complete");
        }
        catch (RpcException e)
        {
            return e;
        }
        catch (EthereumException e)
        {
            return new RpcException(RpcErrorCode.ServerError, e.Message);
        }
        catch (Exception e) when (registry.ErrorOf(e) is RpcException known)
        {
            return known;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception e)
        {
            report?.Invoke(name, e);
            return new RpcException(RpcErrorCode.Internal, $"internal error in {Shown(name)}: {PrintableText.Of(e.Message)}");
        }
    }

    private static string NameOf(JsonElement request)
    {
        if (!request.TryGetProperty("method", out JsonElement method) || method.ValueKind != JsonValueKind.String)
        {
            throw new RpcException(RpcErrorCode.InvalidRequest, "a request has a method, whose name is a text");
        }

        try
        {
            return method.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw new RpcException(RpcErrorCode.InvalidRequest, "the method's name is no valid Unicode");
        }
    }

    private static JsonElement ParametersOf(JsonElement request)
    {
        if (!request.TryGetProperty("params", out JsonElement parameters) || parameters.ValueKind == JsonValueKind.Null)
        {
            return default;
        }

        // Some clients send an empty object for no parameters.
        bool isEmpty = parameters.ValueKind == JsonValueKind.Object && parameters.GetPropertyCount() == 0;
        return parameters.ValueKind == JsonValueKind.Array || isEmpty
            ? parameters
            : throw RpcException.InvalidParams("params is an array: this node takes parameters by position");
    }

    private static string Shown(string name) => PrintableText.Of(name.Length <= MaxShownName ? name : name[..MaxShownName] + "…");

    private static void WriteHead(ArrayBufferWriter<byte> response, JsonElement id)
    {
        response.Write("{\"jsonrpc\":\"2.0\",\"id\":"u8);

        // Sound: the bytes are those of the document, which is alive, and they are copied.
        response.Write(id.ValueKind == JsonValueKind.Undefined ? "null"u8 : JsonMarshal.GetRawUtf8Value(id));
    }

    private static void WriteError(ArrayBufferWriter<byte> response, JsonElement id, RpcException error)
    {
        WriteHead(response, id);
        response.Write(",\"error\":"u8);
        using (Utf8JsonWriter writer = new(response, WriterOptions))
        {
            writer.WriteStartObject();
            writer.WriteNumber("code", (int)error.Code);
            writer.WriteString("message", error.Message);
            if (error.DataJson is not null)
            {
                writer.WritePropertyName("data");
                writer.WriteRawValue(error.DataJson);
            }

            writer.WriteEndObject();
        }

        response.Write("}"u8);
    }
}
