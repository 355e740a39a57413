namespace Fvm;

/// <summary>Bytes that should be a message are malformed.</summary>
public sealed class MessageException : Exception
{
    public MessageException(string message)
        : base(message)
    {
    }

    public MessageException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
