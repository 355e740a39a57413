using System.Runtime.InteropServices;

namespace Fvm;

/// <summary>The result of a send, in the layout of guest memory: the receiver's exit code and the returned block.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal readonly record struct SendResult(ExitCode ExitCode, BlockId ReturnId, BlockStat ReturnStat);
