namespace Fvm;

/// <summary>What actors are told about a block.</summary>
public readonly record struct BlockStat(ulong Codec, uint Size);
