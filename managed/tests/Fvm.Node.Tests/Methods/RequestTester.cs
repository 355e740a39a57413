using System.Text;
using System.Text.Json;

namespace Fvm.Node.Tests;

/// <summary>Sends requests to the methods of a registry.</summary>
internal sealed class RequestTester(RpcRegistry registry)
{
    private readonly RpcDispatcher _dispatcher = new(registry, new RpcLimits());

    /// <summary>The result of a request; the test fails if there is none.</summary>
    public async Task<JsonElement> ResultAsync(string method, string parameters = "[]")
    {
        JsonElement answer = await AskAsync(method, parameters);
        Assert.That(answer.TryGetProperty("result", out JsonElement result), Is.True, $"{method}: {answer}");
        return result;
    }

    /// <summary>The text of an error; the test fails if there is none.</summary>
    public async Task<string> ErrorAsync(string method, string parameters = "[]")
    {
        JsonElement answer = await AskAsync(method, parameters);
        Assert.That(answer.TryGetProperty("error", out JsonElement error), Is.True, $"{method}: {answer}");
        return error.GetProperty("message").GetString()!;
    }

    /// <summary>The answer to a request.</summary>
    public async Task<JsonElement> AskAsync(string method, string parameters) => JsonElement.Parse(await _dispatcher.AnswerAsync(
        Encoding.UTF8.GetBytes($$"""{"id":1,"method":"{{method}}","params":{{parameters}}}"""), null, default) is { IsEmpty: false } bytes
            ? bytes.Span
            : default);
}
