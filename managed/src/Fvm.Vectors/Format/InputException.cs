namespace Fvm.Vectors;

/// <summary>
/// Unusable input: a vector, a specification, a bundle, a state, a file. The message is one line that says where and what.
/// </summary>
public sealed class InputException : Exception
{
    public InputException(string message)
        : base(message)
    {
    }

    public InputException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
