// What reading a file gives in each place.
namespace Fvm.Vectors;

/// <summary>A vector, or a line that says why there is none.</summary>
public readonly record struct VectorOrError(Vector? Vector, string? Error)
{
    public static VectorOrError Failed(string error) => new(null, error);
}
