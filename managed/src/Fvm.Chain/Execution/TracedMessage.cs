using Fvm.Ipld;

namespace Fvm.Chain;

/// <summary>A message of a block, run with a trace.</summary>
/// <param name="Message">The message.</param>
/// <param name="Result">Its result.</param>
/// <param name="Machine">The machine, whose blockstore has both states.</param>
/// <param name="Before">The state root before it.</param>
/// <param name="After">The state root after it.</param>
public sealed record TracedMessage(ChainMessage Message, ApplyRet Result, Machine Machine, Cid Before, Cid After);
