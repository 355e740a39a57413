using System.Runtime.InteropServices;

namespace Fvm.Files;

/// <summary>A file that cannot be read or written. The message is one line: path and cause in plain words.</summary>
public sealed class FileException : IOException
{
    private const int MaxErrorNumber = 4095;

    /// <param name="path">The path as the user gave it.</param>
    /// <param name="cause">What is wrong with it, in plain words.</param>
    /// <param name="inner">The original exception.</param>
    public FileException(string path, string cause, Exception? inner = null)
        : base($"{(path.Length == 0 ? "''" : path)}: {cause}", inner)
    {
        Path = path;
        Cause = cause;
    }

    /// <summary>The path as the user gave it.</summary>
    public string Path { get; }

    /// <summary>What is wrong with it, in plain words.</summary>
    public string Cause { get; }

    /// <summary>Whether an exception is about files or streams, so that <see cref="CauseOf(Exception)"/> can describe it.</summary>
    public static bool IsAboutFiles(Exception exception) =>
        exception is IOException or UnauthorizedAccessException or System.Security.SecurityException || IsTooLarge(exception);

    /// <summary>The cause in plain words, without paths or type names.</summary>
    public static string CauseOf(Exception exception) => exception switch
    {
        FileException file => file.Cause,
        FileNotFoundException => "no such file",
        DirectoryNotFoundException => "no such folder",
        PathTooLongException => "the name is too long",
        EndOfStreamException => "the file ends too early",
        UnauthorizedAccessException { InnerException: IOException inner } when NumberOf(inner) is int number => CauseOf(number),
        UnauthorizedAccessException or System.Security.SecurityException => "permission denied",
        IOException io when NumberOf(io) is int number => CauseOf(number),
        _ when IsTooLarge(exception) => CauseOf(27),
        IOException io when OperatingSystem.IsLinux() && io.Message.StartsWith("Too many levels", StringComparison.Ordinal) => CauseOf(40),
        _ => exception.Message,
    };

    /// <summary>The description of a Linux errno.</summary>
    internal static string CauseOf(int number) => number switch
    {
        1 or 13 => "permission denied",
        2 => "no such file",
        5 => "the device reports an input/output error",
        6 or 19 => "no such device",
        9 => "it is closed",
        11 => "it is in use by another process",
        12 => "the system has no memory left",
        20 => "a part of the path is not a folder",
        21 => "it is a folder",
        23 or 24 => "too many open files (ulimit -n)",
        26 => "it is a running program",
        27 => "the file is larger than the system allows (ulimit -f)",
        28 => "no space left on the device",
        30 => "the file system is read-only",
        32 => "the reader has closed it",
        36 => "the name is too long",
        40 => "too many levels of links",
        122 => "the disk quota is used up",
        _ => Marshal.GetPInvokeErrorMessage(number),
    };

    // .NET's exception for EFBIG.
    private static bool IsTooLarge(Exception exception) => exception is ArgumentOutOfRangeException { ParamName: "value" };

    // On Unix the HResult of a .NET IOException is the errno.
    private static int? NumberOf(IOException exception) =>
        OperatingSystem.IsLinux() && exception.HResult is > 0 and <= MaxErrorNumber ? exception.HResult : null;
}
