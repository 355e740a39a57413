using System.Globalization;

namespace Fvm;

/// <summary>
/// Limits the .NET runtime's heap (<c>FVM_HEAP_MIB</c>), like the runtime's own variable, but in decimal. An allocation beyond the limit ends
/// a call, never the process.
/// </summary>
public static class HeapLimit
{
    /// <summary>The environment variable: MiB, decimal.</summary>
    public const string Variable = "FVM_HEAP_MIB";

    private const ulong Most = 1 << 24;
    private const ulong Least = 16;

    /// <summary>Sets the limit from the environment, if given.</summary>
    /// <returns>Why it is invalid, on one line; null on success.</returns>
    public static string? FromEnvironment() => Set(Environment.GetEnvironmentVariable(Variable));

    /// <summary>Sets the limit.</summary>
    /// <param name="value">The variable's value; null or empty for none.</param>
    /// <returns>Why it is invalid, on one line; null on success.</returns>
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
