// The numbers that the process ends with.
namespace Fvm.Cli;

/// <summary>How the process ends.</summary>
public static class ExitStatus
{
    /// <summary>Done, and nothing differs.</summary>
    public const int Done = 0;

    /// <summary>Done, and something differs or failed.</summary>
    public const int Difference = 1;

    /// <summary>The command or its input cannot be used.</summary>
    public const int Unusable = 2;
}
