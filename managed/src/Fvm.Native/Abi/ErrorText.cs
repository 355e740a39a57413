using System.Text;
using Fvm.Hosting;

namespace Fvm.Native;

/// <summary>The texts of error responses.</summary>
internal static class ErrorText
{
    private const string Variable = "RUST_BACKTRACE";

    /// <summary>The messages from the outermost exception to its cause, without duplicates; plus a backtrace if the environment asks.</summary>
    public static string Of(Exception problem) => Of(problem, Environment.GetEnvironmentVariable(Variable) is not (null or "" or "0"));

    /// <summary>The messages from the outermost exception to its cause.</summary>
    /// <param name="problem">The exception.</param>
    /// <param name="withBacktrace">Whether to append the cause's stack trace.</param>
    public static string Of(Exception problem, bool withBacktrace)
    {
        StringBuilder text = new(Name(problem));
        Exception root = problem;
        while (root.InnerException is Exception cause)
        {
            // Messages often end with their cause's.
            if (!Name(root).EndsWith(cause.Message, StringComparison.Ordinal))
            {
                text.Append(": ").Append(Name(cause));
            }

            root = cause;
        }

        // For a host's failure a stack trace of this library says nothing.
        bool isHosts = root is ExternException or CallFailedException or Ipld.BlockstoreException;
        if (withBacktrace && !isHosts)
        {
            text.Append("\n\nStack backtrace:\n").Append(root.StackTrace);
        }

        return text.ToString();
    }

    // Deliberate exceptions need no type name; any other is a defect, and its type helps to find it.
    private static string Name(Exception problem) => problem is CallerException or CallFailedException or FatalException
            or ExternException or MessageException or NotSupportedException or ResourceExhaustedException
            or OutOfMemoryException or Ipld.BlockstoreException
        ? problem.Message
        : $"{problem.GetType().Name}: {problem.Message}";
}
