using System.Runtime.InteropServices;

namespace Fvm;

/// <summary>The result of <c>ipld.block_stat</c>, in the layout of guest memory.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal readonly record struct BlockStat(ulong Codec, uint Size);
