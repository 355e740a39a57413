using System.Runtime.InteropServices;

namespace Fvm;

/// <summary>What a send gives back, as it lies in the guest's memory: the receiver's exit code and the block it returned.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal readonly record struct SendResult(ExitCode ExitCode, BlockId ReturnId, BlockStat ReturnStat);
