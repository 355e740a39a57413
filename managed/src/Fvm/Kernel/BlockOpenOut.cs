using System.Runtime.InteropServices;

namespace Fvm;

/// <summary>What <c>ipld.block_open</c> tells an actor, as it lies in the guest's memory.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal readonly record struct BlockOpenOut(ulong Codec, BlockId Id, uint Size);
