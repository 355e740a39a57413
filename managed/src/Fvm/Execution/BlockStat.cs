using System.Runtime.InteropServices;

namespace Fvm;

/// <summary>What <c>ipld.block_stat</c> tells an actor about a block, as it lies in the guest's memory.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public readonly record struct BlockStat(ulong Codec, uint Size);
