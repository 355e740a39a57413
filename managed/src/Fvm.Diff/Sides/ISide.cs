namespace Fvm.Diff;

/// <summary>
/// A side of a comparison: whatever runs vectors and reports receipts, fees, events, state root and trace. Thread-safe.
/// </summary>
public interface ISide : IDisposable
{
    /// <summary>The side as the user named it.</summary>
    string Name { get; }

    /// <summary>Runs vectors, in order. Faults of a vector or of the side are in the results, never thrown.</summary>
    /// <returns>One result per vector.</returns>
    /// <exception cref="Vectors.InputException">The side cannot run anything.</exception>
    IReadOnlyList<SideRun> Run(IReadOnlyList<VectorCase> cases);
}
