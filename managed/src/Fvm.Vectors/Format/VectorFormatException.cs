// What a vector file that cannot be read throws.
namespace Fvm.Vectors;

/// <summary>A vector, a set of vectors, or a bundle that cannot be read. The message is one line that says where and what.</summary>
public sealed class VectorFormatException : Exception
{
    public VectorFormatException(string message)
        : base(message)
    {
    }

    public VectorFormatException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
