// Which exceptions mean that the input cannot be used, or not with what the process has.
using Fvm.Files;
using Fvm.Vectors;

namespace Fvm.Cli;

/// <summary>Tells bad input and the system's refusals, which a person can put right, from faults of the program.</summary>
internal static class InputErrors
{
    /// <summary>What is wrong, without what only wraps it: a task's or a thread's collection of exceptions.</summary>
    public static Exception Innermost(Exception exception)
    {
        while (exception is AggregateException or TypeInitializationException && exception.InnerException is Exception inner)
        {
            exception = inner;
        }

        return exception;
    }

    /// <summary>What is wrong with the input or the system; null when the program is at fault.</summary>
    public static string? Describe(Exception exception) => exception switch
    {
        UsageException or InputException or FileException => exception.Message,
        OutOfMemoryException => "out of memory: the limits of this process (ulimit -v, its container, DOTNET_GCHeapHardLimit) leave too little",
        FatalException => $"the state cannot be used: {exception.Message}",
        _ when FileException.IsAboutFiles(exception) => FileException.CauseOf(exception),
        _ when ResourceExhaustedException.IsCauseOf(exception) => $"out of memory: {exception.GetBaseException().Message}",
        _ => null,
    };
}
