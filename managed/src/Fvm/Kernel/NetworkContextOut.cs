using System.Runtime.InteropServices;

namespace Fvm;

/// <summary>The result of <c>network.context</c>, in the layout of guest memory.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal readonly record struct NetworkContextOut(long Epoch, ulong Timestamp, UInt128 BaseFee, ulong ChainId, uint NetworkVersion);
