using System.Runtime.InteropServices;

namespace Fvm;

/// <summary>What <c>network.context</c> tells an actor, as it lies in the guest's memory.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal readonly record struct NetworkContextOut(long Epoch, ulong Timestamp, UInt128 BaseFee, ulong ChainId, uint NetworkVersion);
