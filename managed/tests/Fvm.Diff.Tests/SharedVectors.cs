using Fvm.Vectors;

namespace Fvm.Diff.Tests;

/// <summary>The vectors of <c>examples/vectors</c>.</summary>
internal static class SharedVectors
{
    public static VectorCase Counter => Named("counter");

    public static VectorCase Named(string name) =>
        VectorCase.Of(VectorFiles.Read([Repository.PathOf("examples", "vectors", $"{name}.json")]).Single().Vector!).Single();
}
