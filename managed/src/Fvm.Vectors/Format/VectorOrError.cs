namespace Fvm.Vectors;

/// <summary>A vector, or one line saying why it cannot be read.</summary>
public readonly record struct VectorOrError(Vector? Vector, string? Error)
{
    public static VectorOrError Failed(string error) => new(null, error);
}
