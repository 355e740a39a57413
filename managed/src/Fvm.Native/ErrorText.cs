using System.Text;

namespace Fvm.Native;

/// <summary>What an error's text says.</summary>
internal static class ErrorText
{
    private const string Backtrace = "RUST_BACKTRACE";

    /// <summary>The messages from the outermost problem to its cause; a stack backtrace where the environment asks for one.</summary>
    public static string Of(Exception problem)
    {
        if (Environment.GetEnvironmentVariable(Backtrace) is string wanted && wanted is not ("" or "0"))
        {
            return problem.ToString();
        }

        StringBuilder text = new(Name(problem));
        for (Exception? cause = problem.InnerException; cause is not null; cause = cause.InnerException)
        {
            text.Append(": ").Append(Name(cause));
        }

        return text.ToString();
    }

    // What the library throws on purpose speaks for itself; anything else is a defect, and its type helps to find it.
    private static string Name(Exception problem) => problem is CallerException or CallFailedException or FatalException
            or ExternException or MessageException or NotSupportedException or Ipld.Blockstore.BlockstoreException
        ? problem.Message
        : $"{problem.GetType().Name}: {problem.Message}";
}
