namespace Fvm.Node;

/// <summary>An error for the client.</summary>
/// <param name="code">The code.</param>
/// <param name="message">One line: what is wrong, where, and what would be right.</param>
/// <param name="data">More, as JSON (null for none); revert bytes are <see cref="OfRevert"/>.</param>
internal sealed class RpcException(RpcErrorCode code, string message, string? data = null) : Exception(OneLine(message))
{
    // Texts of requests, which messages quote, may be long.
    private const int MaxMessage = 1_000;

    public RpcErrorCode Code { get; } = code;

    /// <summary>The member <c>data</c> as raw JSON.</summary>
    public string? DataJson { get; } = data;

    /// <summary>A reverted execution.</summary>
    /// <param name="message">Begins with "execution reverted", by which tools recognise it.</param>
    /// <param name="revert">The revert bytes.</param>
    public static RpcException OfRevert(string message, ReadOnlySpan<byte> revert) =>
        new(RpcErrorCode.Reverted, message, $"\"0x{Convert.ToHexStringLower(revert)}\"");

    public static RpcException InvalidParams(string message) => new(RpcErrorCode.InvalidParams, message);

    /// <summary>A method that the node refuses on purpose.</summary>
    public static RpcException NotSupported(string method, string reason) =>
        new(RpcErrorCode.MethodNotFound, $"the method {method} is not supported: {reason}");

    private static string OneLine(string text)
    {
        string shown = PrintableText.Of(text.Length <= MaxMessage ? text : text[..MaxMessage]);
        return shown.Length <= MaxMessage && text.Length <= MaxMessage ? shown : $"{shown[..Math.Min(shown.Length, MaxMessage)]}…";
    }
}
