namespace Fvm;

/// <summary>What is said of an exception that nobody foresaw: a defect of this machine.</summary>
public static class UnforeseenFailure
{
    /// <summary>The variable that asks for all that is known.</summary>
    public const string DebugVariable = "FVM_DEBUG";

    /// <summary>Whether all that is known is wanted.</summary>
    public static bool WantsDetails => Environment.GetEnvironmentVariable(DebugVariable) is not (null or "" or "0");

    /// <summary>A line, or with details the stack as well.</summary>
    public static string Describe(Exception exception) => WantsDetails
        ? $"unforeseen failure: {exception}"
        : $"unforeseen failure: {exception.Message} (please report this; {DebugVariable}=1 shows details)";
}
