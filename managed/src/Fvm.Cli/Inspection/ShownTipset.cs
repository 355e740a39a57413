using Fvm.Chain;

namespace Fvm.Cli;

/// <summary>A tipset to print.</summary>
/// <param name="Tipset">The tipset.</param>
/// <param name="NetworkVersion">Its network version.</param>
/// <param name="Messages">Its messages, those of the system included if it was executed.</param>
/// <param name="Names">The names of actors and methods.</param>
/// <param name="Problem">Why there are no results; null if there are.</param>
internal sealed record ShownTipset(
    Tipset Tipset, uint NetworkVersion, IReadOnlyList<ShownMessage> Messages, MessageNames Names, string? Problem);

/// <summary>A message to print.</summary>
/// <param name="Message">The message.</param>
/// <param name="Source">The message on the chain; null for one of the system.</param>
/// <param name="Ret">Its result; null if it was not executed.</param>
/// <param name="Epoch">The epoch of its execution.</param>
internal sealed record ShownMessage(Message Message, ChainMessage? Source, ApplyRet? Ret, ChainEpoch Epoch);
