namespace Fvm.Wasm;

/// <summary>Whether engines use guard pages, as configured by an environment variable.</summary>
public static class GuardEnvironment
{
    /// <summary><c>1</c> for guard pages in place of bounds checks; <c>0</c>, the default, for checks.</summary>
    public const string Variable = "FVM_GUARD_PAGES";

    /// <summary>Whether the environment asks for guard pages.</summary>
    public static bool IsOn => Environment.GetEnvironmentVariable(Variable) == "1";

    /// <summary>Description of an invalid setting, which counts as <c>0</c>; null for a valid one.</summary>
    public static string? Problem => Environment.GetEnvironmentVariable(Variable) is not (null or "" or "0" or "1") and string text
        ? $"{Variable} must be 0 or 1, not '{text}'"
        : null;
}
