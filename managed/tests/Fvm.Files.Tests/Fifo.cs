using System.Diagnostics;

namespace Fvm.Files.Tests;

/// <summary>Creates FIFOs, on which careless code would block.</summary>
internal static class Fifo
{
    public static string Make(string path)
    {
        using Process process = Process.Start("mkfifo", [path]);
        process.WaitForExit();
        return path;
    }
}
