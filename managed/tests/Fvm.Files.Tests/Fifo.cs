// FIFOs, for tests of what must not wait for them.
using System.Diagnostics;

namespace Fvm.Files.Tests;

internal static class Fifo
{
    public static string Make(string path)
    {
        using Process process = Process.Start("mkfifo", [path]);
        process.WaitForExit();
        return path;
    }
}
