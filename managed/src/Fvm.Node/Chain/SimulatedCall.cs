namespace Fvm.Node;

/// <summary>What a simulated call gave.</summary>
/// <param name="Message">The call as a transaction; without its trace. Its logs are those of contracts only.</param>
/// <param name="Outcome">What it returned. The logs are all: those of contracts, and of transfers if they were asked for.</param>
internal sealed record SimulatedCall(LocalMessage Message, CallOutcome Outcome);
