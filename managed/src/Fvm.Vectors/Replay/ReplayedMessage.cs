using Fvm.Ipld;

namespace Fvm.Vectors;

/// <summary>A message just applied, for what a caller wants to know of it beyond its result.</summary>
/// <param name="Vector">The vector's name.</param>
/// <param name="Index">The message's index.</param>
/// <param name="Message">The message.</param>
/// <param name="Result">Its result, with trace.</param>
/// <param name="Machine">The machine, whose blockstore has both states.</param>
/// <param name="StateBefore">The state root before it.</param>
/// <param name="StateAfter">The state root after it.</param>
public sealed record ReplayedMessage(
    string Vector, int Index, Message Message, ApplyRet Result, Machine Machine, Cid StateBefore, Cid StateAfter);
