namespace Fvm.Cli;

/// <summary>Exit codes of the process.</summary>
internal static class ExitStatus
{
    /// <summary>Success, no differences.</summary>
    public const int Done = 0;

    /// <summary>Completed, with differences or failures.</summary>
    public const int Difference = 1;

    /// <summary>Invalid command line or input.</summary>
    public const int Unusable = 2;
}
