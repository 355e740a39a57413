namespace Fvm;

/// <summary>A proof of spacetime.</summary>
public readonly record struct PostProof(RegisteredPostProof Kind, ReadOnlyMemory<byte> Proof);
