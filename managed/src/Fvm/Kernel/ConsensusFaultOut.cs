using System.Runtime.InteropServices;

namespace Fvm;

/// <summary>The result of <c>crypto.verify_consensus_fault</c>, in the layout of guest memory.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal readonly record struct ConsensusFaultOut(ChainEpoch Epoch, ActorId Target, ConsensusFaultType Type);
