using System.Text;

namespace Fvm.Native;

/// <summary>What an error's text says.</summary>
internal static class ErrorText
{
    private const string Variable = "RUST_BACKTRACE";

    /// <summary>The messages from the outermost problem to its cause, each said once; a stack backtrace where the environment asks for one.</summary>
    public static string Of(Exception problem) => Of(problem, Environment.GetEnvironmentVariable(Variable) is not (null or "" or "0"));

    /// <summary>The messages from the outermost problem to its cause.</summary>
    /// <param name="problem">What happened.</param>
    /// <param name="withBacktrace">Whether the stack where it happened follows.</param>
    public static string Of(Exception problem, bool withBacktrace)
    {
        StringBuilder text = new(Name(problem));
        Exception root = problem;
        while (root.InnerException is Exception cause)
        {
            // Many a message ends with that of its cause.
            if (!Name(root).EndsWith(cause.Message, StringComparison.Ordinal))
            {
                text.Append(": ").Append(Name(cause));
            }

            root = cause;
        }

        // What the host did has no cause in this library, and so no place in it.
        bool isHosts = root is ExternException or CallFailedException or Ipld.BlockstoreException;
        if (withBacktrace && !isHosts)
        {
            text.Append("\n\nStack backtrace:\n").Append(root.StackTrace);
        }

        return text.ToString();
    }

    // What the library throws on purpose speaks for itself; anything else is a defect, and its type helps to find it.
    private static string Name(Exception problem) => problem is CallerException or CallFailedException or FatalException
            or ExternException or MessageException or NotSupportedException or ResourceExhaustedException
            or OutOfMemoryException or Ipld.BlockstoreException
        ? problem.Message
        : $"{problem.GetType().Name}: {problem.Message}";
}
