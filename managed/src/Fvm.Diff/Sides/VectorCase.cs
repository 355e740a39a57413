using Fvm.Vectors;

namespace Fvm.Diff;

/// <summary>A vector at one of its variants: what a side runs.</summary>
public sealed record VectorCase(Vector Vector, VectorVariant Variant)
{
    /// <summary>The vector as an argument names it, with <c>@variant</c> if it has several.</summary>
    public string Name => Vector.Variants.Count == 1 ? Vector.Source : $"{Vector.Source}@{Variant.Id}";

    /// <summary>All cases of a vector.</summary>
    public static IEnumerable<VectorCase> Of(Vector vector) => vector.Variants.Select(variant => new VectorCase(vector, variant));
}
