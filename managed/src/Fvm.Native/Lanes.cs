using System.Globalization;

namespace Fvm.Native;

/// <summary>The number of messages that run concurrently (<c>LOTUS_FVM_CONCURRENCY</c>).</summary>
internal static class Lanes
{
    /// <summary>The environment variable.</summary>
    public const string Variable = "LOTUS_FVM_CONCURRENCY";

    private const int Most = 256;

    /// <summary>Parses the variable's value.</summary>
    /// <param name="value">The value; null if not set.</param>
    /// <param name="otherwise">The default if not set or invalid.</param>
    /// <param name="log">Receives the error message for an invalid value.</param>
    public static int Parse(string? value, int otherwise, Log log)
    {
        if (value is null)
        {
            return otherwise;
        }

        if (!uint.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out uint lanes))
        {
            log.Write(LogLevel.Error, $"{Variable} has invalid value: '{value}' is not a number");
            return otherwise;
        }

        if (lanes is < 1 or > Most)
        {
            log.Write(LogLevel.Error, $"{Variable} must be in the range 1..={Most}, not {lanes}");
            return otherwise;
        }

        return (int)lanes;
    }
}
