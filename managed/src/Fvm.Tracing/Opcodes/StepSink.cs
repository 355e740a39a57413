namespace Fvm.Tracing;

/// <summary>Receives the steps of a replay in the order of execution.</summary>
internal abstract class StepSink
{
    /// <summary>A step begins; the frame is as before it.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="opcode">The opcode at its place.</param>
    public abstract void Begin(EvmRun frame, byte opcode);

    /// <summary>The step ended, or a call of it begins.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="cost">Gas that is known to be charged since the step before.</param>
    /// <param name="error">Why the frame ended with it; null otherwise.</param>
    public abstract void End(EvmRun frame, ulong cost, string? error);
}
