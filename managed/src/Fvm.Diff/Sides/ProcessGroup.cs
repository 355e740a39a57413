using System.Runtime.InteropServices;

namespace Fvm.Diff;

/// <summary>A process with all that it starts: a group of its own, which is killed as one.</summary>
internal static class ProcessGroup
{
    private const int Kill = 9;

    // Starts a program as the leader of a new session, hence of a new group, under the same process number.
    private const string Leader = "/usr/bin/setsid";

    // Kills it when this process ends in any way.
    private const string Bond = "/usr/bin/setpriv";

    /// <summary>Whether groups can be made here.</summary>
    public static bool IsAvailable { get; } = File.Exists(Leader);

    /// <summary>The program and arguments that start a program as a group.</summary>
    public static (string Program, IReadOnlyList<string> Arguments) Of(string program, IReadOnlyList<string> arguments) =>
        !IsAvailable ? (program, arguments)
        : File.Exists(Bond) ? (Bond, ["--pdeathsig", "KILL", Leader, program, .. arguments])
        : (Leader, [program, .. arguments]);

    /// <summary>Why the program was not started, from the last line that a group's start wrote; null if that line is the program's own.</summary>
    public static string? ReasonOfStart(string line) =>
        line.StartsWith("setsid: ", StringComparison.Ordinal) || line.StartsWith("setpriv: ", StringComparison.Ordinal)
            ? line[(line.LastIndexOf(": ", StringComparison.Ordinal) + 2)..]
            : null;

    /// <summary>Kills a group. A member that has made a group of its own is not in it any more.</summary>
    public static void End(System.Diagnostics.Process process)
    {
        try
        {
            if (IsAvailable)
            {
                _ = kill(-process.Id, Kill);
            }

            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
        catch (Exception exception) when (exception is InvalidOperationException or System.ComponentModel.Win32Exception or NotSupportedException)
        {
            // It has ended by itself.
        }
    }

    [DllImport("libc")]
    private static extern int kill(int process, int signal);
}
