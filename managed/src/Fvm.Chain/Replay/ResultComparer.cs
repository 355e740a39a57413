using Fvm.Ipld;

namespace Fvm.Chain;

/// <summary>Compares the result of a tipset with its child's header, and looks for the place of a difference.</summary>
/// <param name="executor">The chain and the network.</param>
/// <param name="output">The blocks of the result.</param>
internal sealed class ResultComparer(TipsetExecutor executor, MemoryBlockstore output)
{
    private const int MaxActors = 8;

    /// <summary>What differs; nothing if all is equal.</summary>
    public IEnumerable<TipsetDifference> Compare(ReplayItem item, TipsetResult result)
    {
        BlockHeader child = item.Child.First;
        if (result.Receipts != child.ParentReceipts)
        {
            yield return new TipsetDifference("receipts root", result.Receipts.ToString(), child.ParentReceipts.ToString());
            foreach (TipsetDifference difference in CompareReceipts(item.Tipset, child.ParentReceipts, result))
            {
                yield return difference;
            }
        }

        if (result.State != child.ParentState)
        {
            yield return new TipsetDifference("state root", result.State.ToString(), child.ParentState.ToString());
            foreach (TipsetDifference difference in CompareActors(child.ParentState, result.State))
            {
                yield return difference;
            }
        }

        TokenAmount fee = executor.BaseFeeAfter(item.Tipset);
        if (fee != child.BaseFee)
        {
            yield return new TipsetDifference("base fee", fee.ToString(), child.BaseFee.ToString());
        }
    }

    // The first message whose receipt differs, if the chain's receipts are there.
    private IEnumerable<TipsetDifference> CompareReceipts(Tipset tipset, Cid expectedRoot, TipsetResult result)
    {
        bool withEvents = executor.Network.RulesAt(tipset.Epoch).EventsInReceipts;
        AppliedMessage[] messages = [.. result.Messages.Where(static message => message.Source is not null)];
        if (ReceiptsRoot.Read(executor.Reader.Store, expectedRoot) is not IReadOnlyList<byte[]> expected)
        {
            yield break;
        }

        if (expected.Count != messages.Length)
        {
            yield return new TipsetDifference("number of messages", $"{messages.Length}", $"{expected.Count}");
        }

        for (int index = 0; index < Math.Min(expected.Count, messages.Length); index++)
        {
            byte[] ours = ReceiptsRoot.Encode(messages[index].Ret.Receipt, withEvents);
            if (!ours.AsSpan().SequenceEqual(expected[index]))
            {
                yield return new TipsetDifference(
                    $"receipt of message {index} ({messages[index].Source!.Cid})",
                    Convert.ToHexStringLower(ours),
                    Convert.ToHexStringLower(expected[index]));
                yield break;
            }
        }
    }

    // The first actors that differ, if the chain's state is there.
    private List<TipsetDifference> CompareActors(in Cid expectedRoot, in Cid ourRoot)
    {
        List<TipsetDifference> differences = [];
        try
        {
            LayeredBlockstore store = new(output, executor.Reader.Store);
            (Hamt expected, StateTreeVersion expectedVersion) = StateActors.Open(store, expectedRoot);
            (Hamt ours, StateTreeVersion ourVersion) = StateActors.Open(store, ourRoot);
            foreach (HamtChange change in Hamt.Diff(expected, ours))
            {
                if (differences.Count == MaxActors)
                {
                    break;
                }

                string name = Address.TryFromBytes(change.Key.Span, out Address address) ? address.ToString() : "of an unknown key";
                differences.Add(new TipsetDifference($"actor {name}", TextOf(change.After, ourVersion), TextOf(change.Before, expectedVersion)));
            }
        }
        catch (Exception exception) when (exception is FormatException or FatalException)
        {
            // The chain's state is not there to be compared with, or only in part.
        }

        return differences;
    }

    private static string TextOf(ReadOnlyMemory<byte>? encoded, StateTreeVersion version)
    {
        if (encoded is not ReadOnlyMemory<byte> bytes)
        {
            return "none";
        }

        ActorState actor = ActorState.Decode(bytes.Span, version);
        return $"code {actor.Code}, state {actor.State}, nonce {actor.Sequence}, balance {actor.Balance}";
    }
}
