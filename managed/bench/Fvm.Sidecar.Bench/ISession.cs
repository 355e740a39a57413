namespace Fvm.Sidecar.Bench;

/// <summary>Runs vectors one after another.</summary>
internal interface ISession : IDisposable
{
    /// <summary>The session's node.</summary>
    Node Node { get; }

    /// <summary>Creates a machine, executes the vector's messages, flushes and drops it.</summary>
    /// <param name="vector">The vector.</param>
    /// <param name="times">Receives the time of each message, in ticks of the stopwatch.</param>
    /// <returns>Whether exit codes, gas and state root are the recorded ones.</returns>
    bool Run(BenchVector vector, List<long> times);
}
