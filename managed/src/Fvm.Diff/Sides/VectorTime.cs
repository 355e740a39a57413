namespace Fvm.Diff;

/// <summary>How long a side takes for a vector's messages.</summary>
/// <param name="Time">The least time of several runs, without loading the state.</param>
/// <param name="Gas">The gas that the messages use.</param>
public readonly record struct VectorTime(TimeSpan Time, ulong Gas)
{
    /// <summary>Nanoseconds per unit of gas; zero without gas.</summary>
    public double NanosecondsPerGas => Gas > 0 ? Time.TotalNanoseconds / Gas : 0;
}
