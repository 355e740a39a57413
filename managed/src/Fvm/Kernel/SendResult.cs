namespace Fvm;

/// <summary>What a send gives back: the receiver's exit code and the block it returned.</summary>
public readonly record struct SendResult(ExitCode ExitCode, BlockId ReturnId, BlockStat ReturnStat);
