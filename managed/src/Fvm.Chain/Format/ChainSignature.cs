namespace Fvm.Chain;

/// <summary>A signature of a block or a message.</summary>
/// <param name="Kind">The algorithm.</param>
/// <param name="Data">The signature without its kind.</param>
public sealed record ChainSignature(ChainSignatureKind Kind, ReadOnlyMemory<byte> Data);
