namespace Fvm;

/// <summary>A sector: its miner, and its number with that miner.</summary>
public readonly record struct SectorId(ActorId Miner, ulong Number);
