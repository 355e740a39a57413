namespace Fvm;

/// <summary>What should be a proof of storage, or be proven, cannot be: the actor sees IllegalArgument.</summary>
public sealed class ProofException : Exception
{
    public ProofException(string message)
        : base(message)
    {
    }
}
