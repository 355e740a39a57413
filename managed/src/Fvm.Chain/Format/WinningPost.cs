namespace Fvm.Chain;

/// <summary>A proof of spacetime in a block header; its kind is any number, as in Lotus.</summary>
public sealed record WinningPost(long Kind, ReadOnlyMemory<byte> Proof);
