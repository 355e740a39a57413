using Fvm.Protocol.V1;

namespace Fvm.Sidecar;

/// <summary>A message of a call, decoded once. Used by one thread at a time.</summary>
/// <param name="input">The message as it came; null if it is missing.</param>
internal sealed class SessionMessage(MessageInput? input)
{
    private Message? _message;

    /// <summary>The message as it came; null if it is missing.</summary>
    public MessageInput? Input => input;

    /// <summary>The decoded message; null if it is malformed or missing.</summary>
    public Message? TryDecode()
    {
        try
        {
            return _message ??= input is null ? null : Message.Decode(input.Message.Span);
        }
        catch (MessageException)
        {
            return null;
        }
    }
}
