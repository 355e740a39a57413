namespace Fvm.Chain;

/// <summary>A proof that did not verify.</summary>
/// <param name="Message">The number of the message that it belongs to, counted over all of the tipset's.</param>
/// <param name="Proof">The kind of proof, and whose it is.</param>
/// <param name="Reason">Why it was rejected.</param>
internal sealed record RejectedProof(int Message, string Proof, string Reason);
