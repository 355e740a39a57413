using Fvm.Ipld;

namespace Fvm.Chain;

/// <summary>
/// Finds the message at which a tipset's results begin to differ from the chain's: by the chain's receipts if they are there, else by its state:
/// of a tipset the chain has only the state after all messages, so the message is the one that changed most of the actors that differ.
/// </summary>
/// <param name="executor">The chain and the network.</param>
public sealed class DifferenceFinder(TipsetExecutor executor)
{
    private const int MaxActors = 10_000;

    /// <summary>Executes a tipset once more and looks for the message.</summary>
    /// <param name="item">The tipset, and its child.</param>
    /// <param name="output">Receives the blocks of the new states.</param>
    /// <exception cref="ChainException">A block is missing or malformed.</exception>
    /// <exception cref="FatalException">The state is missing or broken.</exception>
    public DifferencePlace Find(ReplayItem item, MemoryBlockstore output)
    {
        TipsetResult result = executor.Execute(item.Tipset, output, ExecutionDetail.States);
        BlockHeader child = item.Child.First;
        Receipt?[] receipts = new Receipt?[result.Messages.Count];
        int? byReceipt = CompareReceipts(item.Tipset, child.ParentReceipts, result, receipts);
        int? byState = byReceipt is null && result.State != child.ParentState
            ? CompareStates(result, child.ParentState, new LayeredBlockstore(output, executor.Reader.Store))
            : null;
        return new DifferencePlace
        {
            Result = result,
            Message = byReceipt ?? byState,
            IsByReceipt = byReceipt is not null,
            ChainReceipts = receipts,
        };
    }

    private int? CompareReceipts(Tipset tipset, in Cid root, TipsetResult result, Receipt?[] receipts)
    {
        if (ReceiptsRoot.Read(executor.Reader.Store, root) is not IReadOnlyList<byte[]> chain)
        {
            return null;
        }

        bool withEvents = executor.Network.RulesAt(tipset.Epoch).EventsInReceipts;
        int next = 0;
        int? found = null;
        for (int number = 0; number < receipts.Length; number++)
        {
            if (result.Messages[number].Source is null)
            {
                continue;
            }

            if (next == chain.Count)
            {
                // The chain has a receipt less.
                return found ?? number;
            }

            receipts[number] = ReceiptsRoot.Decode(chain[next]);
            bool equal = ReceiptsRoot.Encode(result.Messages[number].Ret.Receipt, withEvents).AsSpan().SequenceEqual(chain[next]);
            found = equal ? found : found ?? number;
            next++;
        }

        return found;
    }

    // The message that changed most of the actors that differ, of those the one that changed the fewest others, of those the first.
    private static int? CompareStates(TipsetResult result, in Cid expected, LayeredBlockstore store)
    {
        try
        {
            HashSet<Address> differing = ChangedBetween(store, expected, result.State);
            (int Number, int Hits, int Others)? best = null;
            for (int number = 0; number < result.Messages.Count; number++)
            {
                AppliedMessage message = result.Messages[number];
                bool starts = number == 0 || result.Messages[number - 1].Machine != message.Machine;
                Cid before = starts ? result.Machines[message.Machine].InitialStateRoot : result.Messages[number - 1].StateAfter!.Value;
                HashSet<Address> changed = ChangedBetween(store, before, message.StateAfter!.Value);
                int all = changed.Count;
                changed.IntersectWith(differing);
                (int Number, int Hits, int Others) candidate = (number, changed.Count, all - changed.Count);
                bool isBetter = candidate.Hits > (best?.Hits ?? 0)
                    || (best is not null && candidate.Hits == best.Value.Hits && candidate.Others < best.Value.Others);
                best = isBetter ? candidate : best;
            }

            return best?.Number;
        }
        catch (Exception exception) when (exception is FormatException or FatalException or ChainException)
        {
            // The chain's state is not there, or only in part.
            return null;
        }
    }

    private static HashSet<Address> ChangedBetween(LayeredBlockstore store, in Cid before, in Cid after)
    {
        HashSet<Address> changed = [];
        if (before != after)
        {
            foreach (HamtChange change in Hamt.Diff(StateActors.Open(store, before).Actors, StateActors.Open(store, after).Actors).Take(MaxActors))
            {
                if (Address.TryFromBytes(change.Key.Span, out Address address))
                {
                    changed.Add(address);
                }
            }
        }

        return changed;
    }
}
