using System.Diagnostics;
using Fvm.Files;
using Fvm.Vectors;

namespace Fvm.Diff;

/// <summary>
/// A user's command as a property of vectors: it gets the path of a vector as its last argument, and exits with 0 if the property holds.
/// </summary>
/// <param name="program">The program.</param>
/// <param name="arguments">The arguments before the path.</param>
/// <param name="timeout">The time per vector; then it is killed with all that it started, and the property does not hold.</param>
public sealed class CommandPredicate(string program, IReadOnlyList<string> arguments, TimeSpan timeout)
{
    /// <summary>Whether the property holds.</summary>
    /// <exception cref="InputException">The command cannot be started.</exception>
    public bool Holds(Vector vector)
    {
        string folder = Directory.CreateTempSubdirectory("fvm-vector-").FullName;
        try
        {
            string path = Path.Combine(folder, "vector.json");
            AtomicFile.Write(path, stream => VectorWriter.WriteExpected(stream, vector), durable: false);
            return Run(path);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private bool Run(string path)
    {
        // A program that a group's leader does not find would only be an exit code.
        string found = FindProgram() ?? throw new InputException($"{program}: there is no such program");
        (string first, IReadOnlyList<string> rest) = ProcessGroup.Of(found, [.. arguments, path]);
        ProcessStartInfo start = new(first, rest)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        try
        {
            using Process process = Process.Start(start)!;
            process.StandardInput.Close();
            _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
            _ = process.StandardError.BaseStream.CopyToAsync(Stream.Null);
            bool ended = process.WaitForExit(timeout);
            ProcessGroup.End(process);
            return ended && process.ExitCode == 0;
        }
        catch (Exception exception) when (exception is System.ComponentModel.Win32Exception or IOException)
        {
            throw new InputException($"{program}: cannot be started: {exception.Message}", exception);
        }
    }

    private string? FindProgram()
    {
        if (program.Contains('/', StringComparison.Ordinal))
        {
            return File.Exists(program) ? Path.GetFullPath(program) : null;
        }

        string path = Environment.GetEnvironmentVariable("PATH") ?? string.Empty;
        string[] folders = path.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return folders.Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
    }
}
