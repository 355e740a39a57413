using System.Runtime.InteropServices;

namespace Fvm;

/// <summary>What <c>crypto.verify_consensus_fault</c> tells an actor, as it lies in the guest's memory.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal readonly record struct ConsensusFaultOut(ChainEpoch Epoch, ActorId Target, ConsensusFaultType Type);
