// Which exceptions mean that the input cannot be used, or not with what the process has.
using Fvm.Files;
using Fvm.Vectors;

namespace Fvm.Cli;

/// <summary>Tells bad input, which a person can put right, from faults of the program.</summary>
internal static class InputErrors
{
    /// <summary>One line on what is wrong with the input; null when the exception is not about input.</summary>
    public static string? Describe(Exception exception) => exception switch
    {
        UsageException or InputException => exception.Message,
        FileException => exception.Message,
        _ when FileException.IsAboutFiles(exception) => FileException.CauseOf(exception),
        _ when ResourceExhaustedException.IsCauseOf(exception) => $"out of memory: {exception.GetBaseException().Message}",
        _ => null,
    };
}
