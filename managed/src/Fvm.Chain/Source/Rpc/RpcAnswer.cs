using System.Text.Json;

namespace Fvm.Chain;

/// <summary>The answer to a call: a result or an error.</summary>
/// <param name="Result">The result; undefined with an error.</param>
/// <param name="Error">The node's text; null with a result.</param>
/// <param name="Code">The error's code.</param>
internal readonly record struct RpcAnswer(JsonElement Result, string? Error, long Code)
{
    private const long UnknownMethod = -32601;

    // HTTP's "too many requests", and the code of EIP-1474.
    private const long TooManyRequests = 429;
    private const long LimitExceeded = -32005;

    private const int MaxErrorLength = 300;
    private const int MaxDepth = 64;

    /// <summary>Whether the node says that it does not have a block. Neither Lotus nor Forest has a code for that.</summary>
    public bool IsMissing => Says("not found") || Says("could not find") || Says("can't find");

    /// <summary>Whether the node wants fewer requests.</summary>
    public bool IsRateLimit => Code is TooManyRequests or LimitExceeded || Says("rate limit") || Says("too many requests");

    /// <summary>Whether no retry helps.</summary>
    public bool IsRefusal => Code == UnknownMethod || Says("permission");

    /// <summary>What to tell a user.</summary>
    public string Problem => Code == UnknownMethod ? "the node does not have this method: is it the URL of a Filecoin node's API (/rpc/v1)?"
        : Says("permission") ? $"the node answers '{Error}': {RpcException.TokenRemedy}"
        : $"the node answers '{Error}'";

    /// <summary>Parses what a node sent.</summary>
    /// <exception cref="RpcException">It is not JSON.</exception>
    public static JsonElement Parse(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            // Cloned elements do not refer to pooled memory.
            using JsonDocument document = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = MaxDepth });
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            throw new RpcException("the answer is not JSON, or cut off", isTransient: true);
        }
    }

    /// <summary>The number of the call that something is the answer to, if it has one.</summary>
    public static bool TryGetId(JsonElement answer, out long id)
    {
        id = 0;
        return answer.ValueKind == JsonValueKind.Object && answer.TryGetProperty("id", out JsonElement given)
            && given.ValueKind == JsonValueKind.Number && given.TryGetInt64(out id);
    }

    /// <summary>Reads an answer of a node.</summary>
    /// <exception cref="RpcException">It is not an answer.</exception>
    public static RpcAnswer Of(JsonElement answer)
    {
        if (answer.ValueKind != JsonValueKind.Object)
        {
            throw new RpcException("the answer is not a JSON-RPC response", isTransient: true);
        }

        if (answer.TryGetProperty("error", out JsonElement error) && error.ValueKind == JsonValueKind.Object)
        {
            string text = error.TryGetProperty("message", out JsonElement message) && message.ValueKind == JsonValueKind.String
                ? message.GetString()!
                : "an error without a message";
            long code = error.TryGetProperty("code", out JsonElement number) && number.ValueKind == JsonValueKind.Number
                && number.TryGetInt64(out long value) ? value : 0;
            return new RpcAnswer(default, text.Length <= MaxErrorLength ? text : text[..MaxErrorLength] + "…", code);
        }

        return answer.TryGetProperty("result", out JsonElement result)
            ? new RpcAnswer(result, null, 0)
            : throw new RpcException("the answer has neither a result nor an error", isTransient: true);
    }

    private bool Says(string text) => Error?.Contains(text, StringComparison.OrdinalIgnoreCase) == true;
}
