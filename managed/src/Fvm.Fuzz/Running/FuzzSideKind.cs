namespace Fvm.Fuzz;

/// <summary>What runs a side of the fuzzer.</summary>
public enum FuzzSideKind
{
    /// <summary>An engine of this process.</summary>
    Engine,

    /// <summary>A process per batch, so that few large batches are faster than many small ones.</summary>
    Processes,

    /// <summary>Another program that keeps running.</summary>
    Server,
}
