namespace Fvm;

/// <summary>A proof of storage, or its public input, is malformed: the actor sees IllegalArgument.</summary>
public sealed class ProofException : Exception
{
    public ProofException(string message)
        : base(message)
    {
    }
}
