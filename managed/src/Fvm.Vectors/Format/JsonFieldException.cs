namespace Fvm.Vectors;

/// <summary>An invalid JSON field; <see cref="JsonText"/> turns it into an <see cref="InputException"/> that names the line.</summary>
/// <param name="path">The field, such as <c>messages[0].to</c>; empty for the whole document.</param>
/// <param name="message">The complete message, including the path.</param>
internal sealed class JsonFieldException(string path, string message, Exception? inner = null) : Exception(message, inner)
{
    public string Path { get; } = path;
}
