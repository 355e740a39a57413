namespace Fvm;

/// <summary>Describes an unexpected exception: a defect of this machine.</summary>
public static class UnforeseenFailure
{
    /// <summary>The environment variable that requests details.</summary>
    public const string DebugVariable = "FVM_DEBUG";

    /// <summary>Whether details are requested.</summary>
    public static bool WantsDetails => Environment.GetEnvironmentVariable(DebugVariable) is not (null or "" or "0");

    /// <summary>One line; with details, followed by the stack trace.</summary>
    public static string Describe(Exception exception) => WantsDetails
        ? $"unforeseen failure: {exception}"
        : $"unforeseen failure: {exception.Message} (please report this; {DebugVariable}=1 shows details)";
}
