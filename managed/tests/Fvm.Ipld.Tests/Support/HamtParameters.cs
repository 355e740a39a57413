namespace Fvm.Ipld.Tests;

/// <summary>Parameters of HAMTs, as test cases.</summary>
internal static class HamtParameters
{
    /// <summary>The state tree's, and those that differ from them in each property.</summary>
    public static readonly HamtOptions[] All =
    [
        HamtOptions.State,
        new() { BitWidth = 1 },
        new() { BitWidth = 8 },
        new() { BitWidth = 3, BucketSize = 1 },
        new() { BitWidth = 4, MinDataDepth = 2, BucketSize = 1 },
        new() { Version = HamtVersion.V0 },
    ];
}
