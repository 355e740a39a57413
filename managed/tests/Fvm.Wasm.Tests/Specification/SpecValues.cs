using System.Globalization;
using System.Text.Json;

namespace Fvm.Wasm.Tests;

/// <summary>The suite's expected results.</summary>
internal static class SpecValues
{
    private const uint Canonical32 = 0x7fc0_0000;
    private const ulong Canonical64 = 0x7ff8_0000_0000_0000;

    /// <summary>
    /// Whether a result is as expected. A NaN of either class must be the canonical positive one, which is stricter than the specification;
    /// where a NaN must be propagated unchanged, the suite gives its bits.
    /// </summary>
    public static bool Matches(JsonElement expected, ulong actual)
    {
        string value = expected.GetProperty("value").GetString()!;
        bool narrow = expected.GetProperty("type").GetString() is "i32" or "f32";
        if (value.StartsWith("nan:", StringComparison.Ordinal))
        {
            return actual == (narrow ? Canonical32 : Canonical64);
        }

        return actual == ulong.Parse(value, CultureInfo.InvariantCulture);
    }
}
