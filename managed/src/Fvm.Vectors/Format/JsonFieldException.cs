// A field of JSON that is not what it must be.
namespace Fvm.Vectors;

/// <summary>Thrown while a document is read; <see cref="JsonText"/> turns it into an <see cref="InputException"/> that names the line.</summary>
/// <param name="path">The field, like <c>messages[0].to</c>; empty for the whole document.</param>
/// <param name="message">The whole message, the path included.</param>
internal sealed class JsonFieldException(string path, string message, Exception? inner = null) : Exception(message, inner)
{
    public string Path { get; } = path;
}
