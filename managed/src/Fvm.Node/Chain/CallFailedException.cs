namespace Fvm.Node;

/// <summary>A call did not succeed.</summary>
/// <param name="outcome">What it gave.</param>
internal sealed class CallFailedException(CallOutcome outcome) : Exception($"the call ended with exit code {outcome.ExitCode}")
{
    /// <summary>What the call gave.</summary>
    public CallOutcome Outcome { get; } = outcome;
}
