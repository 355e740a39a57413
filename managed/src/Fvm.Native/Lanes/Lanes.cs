using System.Globalization;

namespace Fvm.Native;

/// <summary>How many messages run at once (<c>LOTUS_FVM_CONCURRENCY</c>).</summary>
internal static class Lanes
{
    /// <summary>The variable.</summary>
    public const string Variable = "LOTUS_FVM_CONCURRENCY";

    private const int Most = 256;

    /// <summary>Reads the variable's value.</summary>
    /// <param name="value">Null where it is not set.</param>
    /// <param name="otherwise">What is used where it is not set, or not good.</param>
    /// <param name="log">Hears of a value that is not good.</param>
    public static int Parse(string? value, int otherwise, Log log)
    {
        if (value is null)
        {
            return otherwise;
        }

        if (!uint.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out uint lanes))
        {
            log.Write(LogLevel.Error, $"{Variable} has invalid value: '{value}' is no number");
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
