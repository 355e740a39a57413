namespace Fvm.Tracing;

/// <summary>A storage slot with different values; a slot that does not exist is zero.</summary>
public readonly record struct SlotChange(EthWord Key, EthWord Before, EthWord After);
