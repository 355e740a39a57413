using Fvm.Chain;
using Fvm.Files;
using Fvm.Vectors;
using Fvm.Wasm;

namespace Fvm.Cli;

/// <summary>Separates invalid input and system errors, which a user can fix, from defects of the program.</summary>
internal static class InputErrors
{
    /// <summary>The cause, unwrapped from the aggregate exceptions of tasks and threads.</summary>
    public static Exception Innermost(Exception exception)
    {
        while (exception is AggregateException or TypeInitializationException && exception.InnerException is Exception inner)
        {
            exception = inner;
        }

        return exception;
    }

    /// <summary>What is wrong with the input or the system; null for a defect of the program.</summary>
    public static string? Describe(Exception exception) => exception switch
    {
        UsageException or InputException or ChainException or FileException or EngineUnavailableException => exception.Message,
        OutOfMemoryException => "out of memory: the limit of this process is too low (ulimit -v, the container's limit, DOTNET_GCHeapHardLimit)",
        FatalException => $"the state cannot be used: {exception.Message}",
        _ when FileException.IsAboutFiles(exception) => FileException.CauseOf(exception),
        _ when ResourceExhaustedException.IsCauseOf(exception) => $"out of memory: {exception.GetBaseException().Message}",
        _ => null,
    };
}
