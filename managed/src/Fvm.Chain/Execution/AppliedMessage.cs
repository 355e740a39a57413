using Fvm.Ipld;

namespace Fvm.Chain;

/// <summary>A message that was applied while a tipset was executed.</summary>
/// <param name="Epoch">The epoch: that of the tipset, or a null round before it.</param>
/// <param name="Message">The message.</param>
/// <param name="Source">The message on the chain; null for one of the system: a reward or a tick of cron.</param>
/// <param name="Ret">The result.</param>
/// <param name="Machine">The number of the machine that it ran on.</param>
/// <param name="StateAfter">The state after it; null unless states were asked for.</param>
public sealed record AppliedMessage(ChainEpoch Epoch, Message Message, ChainMessage? Source, ApplyRet Ret, int Machine, Cid? StateAfter);
