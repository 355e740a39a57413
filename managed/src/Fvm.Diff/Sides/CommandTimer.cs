using System.Globalization;
using Fvm.Files;
using Fvm.Vectors;

namespace Fvm.Diff;

/// <summary>
/// Times vectors by a command with the form <c>PROGRAM bench --repeat N VECTOR</c>, which prints CSV with the columns <c>gas</c> and
/// <c>exec_us_min</c>.
/// </summary>
/// <param name="name">The side as the user named it.</param>
/// <param name="program">The program.</param>
/// <param name="options">What it may use.</param>
public sealed class CommandTimer(string name, string program, CommandOptions options)
{
    /// <summary>Times a vector.</summary>
    /// <exception cref="InputException">The command cannot be started, or does not print times.</exception>
    public VectorTime Measure(VectorCase item, int repeat)
    {
        string folder = Directory.CreateTempSubdirectory("fvm-time-").FullName;
        try
        {
            string path = Path.Combine(folder, "vector.json");
            AtomicFile.Write(path, stream => VectorWriter.WriteWithoutResults(stream, item.Vector, item.Variant), durable: false);
            string[] arguments = ["bench", "--repeat", repeat.ToString(CultureInfo.InvariantCulture), path];
            using CommandRun run = CommandRun.Start(Path.GetFullPath(program), arguments, options, blocks: null);
            string[][] rows = [.. ReadText(run).Select(static line => line.Split(','))];
            int gas = rows.Length == 2 ? Array.IndexOf(rows[0], "gas") : -1;
            int time = rows.Length == 2 ? Array.IndexOf(rows[0], "exec_us_min") : -1;
            return Math.Min(gas, time) >= 0 && Math.Max(gas, time) < rows[1].Length
                && ulong.TryParse(rows[1][gas], NumberStyles.None, CultureInfo.InvariantCulture, out ulong used)
                && double.TryParse(rows[1][time], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double microseconds)
                ? new VectorTime(TimeSpan.FromMicroseconds(microseconds), used)
                : throw new InputException($"{name}: it printed no times of a vector for `bench`");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private IReadOnlyList<string> ReadText(CommandRun run)
    {
        try
        {
            return run.ReadText();
        }
        catch (InputException exception)
        {
            throw new InputException($"{name}: cannot time a vector: {exception.Message}", exception);
        }
    }
}
