using System.Globalization;

namespace Fvm;

/// <summary>
/// Bounds the heap of the .NET runtime in the process (<c>FVM_HEAP_MIB</c>), for what the runtime's own variable asks in hexadecimal digits.
/// What does not fit ends a call, never the process.
/// </summary>
public static class HeapLimit
{
    /// <summary>The variable: mebibytes, in decimal digits.</summary>
    public const string Variable = "FVM_HEAP_MIB";

    private const ulong Most = 1 << 24;
    private const ulong Least = 16;

    /// <summary>Sets the bound that the environment names, if it names one.</summary>
    /// <returns>Why that cannot be, in one line; null where all is well.</returns>
    public static string? FromEnvironment() => Set(Environment.GetEnvironmentVariable(Variable));

    /// <summary>Sets the bound.</summary>
    /// <param name="value">The variable's value; null or empty for none.</param>
    /// <returns>Why that cannot be, in one line; null where all is well.</returns>
    public static string? Set(string? value)
    {
        if (string.IsNullOrEmpty(value))
        {
            return null;
        }

        if (!ulong.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out ulong mebibytes) || mebibytes is < Least or > Most)
        {
            return $"{Variable} is a number of mebibytes from {Least} to {Most}, not '{value}'";
        }

        try
        {
            AppContext.SetData("GCHeapHardLimit", mebibytes << 20);
            GC.RefreshMemoryLimit();
            return null;
        }
        catch (InvalidOperationException)
        {
            return $"{Variable}: {mebibytes} MiB are less than what the heap takes already";
        }
    }
}
