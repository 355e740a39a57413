using System.Diagnostics;
using Fvm.Ipld;

namespace Fvm.Chain;

/// <summary>Executes the tipsets of a chain and compares the results with those in their children's headers. Thread-safe if the store is.</summary>
/// <param name="executor">Executes tipsets.</param>
public sealed class ChainReplayer(TipsetExecutor executor)
{
    // Snapshots have headers back to genesis, but states only near the head.
    private const int MaxTipsetsWithoutState = 2_000;

    // Each try executes the tipset once more.
    private const int MaxRetries = 64;

    // A batch may have hundreds of seals.
    private const int MaxRejections = 8;

    private readonly ChainReader _reader = executor.Reader;
    private readonly NetworkParameters _network = executor.Network;

    /// <summary>The tipsets below a head whose epochs are in a range, the oldest first.</summary>
    /// <param name="head">The head; it has no child, and is not checked itself.</param>
    /// <param name="from">The first epoch.</param>
    /// <param name="to">The last epoch.</param>
    /// <exception cref="ChainException">A block is malformed.</exception>
    public IReadOnlyList<ReplayItem> Plan(Tipset head, ChainEpoch from, ChainEpoch to)
    {
        List<ReplayItem> items = [];
        int withoutState = 0;
        Tipset child = head;
        while (child.Epoch > from && child.Epoch.Value > 0 && _reader.HasTipset(child.Parents))
        {
            Tipset tipset = _reader.ParentOf(child);
            if (tipset.Epoch >= from && tipset.Epoch <= to && tipset.Epoch.Value > 0)
            {
                bool has = _reader.Store.Has(tipset.First.ParentState);
                withoutState = has ? 0 : withoutState + 1;
                if (withoutState > MaxTipsetsWithoutState)
                {
                    break;
                }

                items.Add(new ReplayItem(tipset, child));
            }

            child = tipset;
        }

        items.Reverse();
        return items;
    }

    /// <summary>Checks one tipset. Failures of the execution are differences, not exceptions.</summary>
    /// <exception cref="BlockstoreException">The source of the blocks failed.</exception>
    public TipsetReport Check(ReplayItem item)
    {
        if (ReasonToSkip(item.Tipset) is string reason)
        {
            return Skipped(item.Tipset, reason);
        }

        WatchedBlockstore blocks = new(_reader.Store);
        TipsetReport report = Execute(item, blocks);
        if (report.Status == TipsetStatus.Equal)
        {
            return report;
        }

        // What a machine makes of a block that it did not get is not a result.
        if (blocks.Failure is BlockstoreException failure)
        {
            throw new BlockstoreException(failure.Message, failure);
        }

        return blocks.Missing is Cid missing
            ? new TipsetReport { Tipset = item.Tipset, Status = TipsetStatus.Incomplete, Note = $"the block {missing} is not there" }
            : report;
    }

    private static TipsetReport Skipped(Tipset tipset, string reason) => new() { Tipset = tipset, Status = TipsetStatus.Skipped, Note = reason };

    private TipsetReport Execute(ReplayItem item, WatchedBlockstore blocks)
    {
        try
        {
            return TryAll(item, blocks);
        }
        catch (Exception exception) when (exception is ChainException or FatalException && !ResourceExhaustedException.IsCauseOf(exception))
        {
            return new TipsetReport
            {
                Tipset = item.Tipset,
                Status = TipsetStatus.Different,
                Differences = [new TipsetDifference("outcome", exception.Message, "a state")],
            };
        }
    }

    /// <summary>Why a tipset cannot be executed; null if it can.</summary>
    public string? ReasonToSkip(Tipset tipset)
    {
        if (!_reader.Store.Has(tipset.First.ParentState))
        {
            return $"the parents' state {tipset.First.ParentState} is not there";
        }

        if (!_reader.HasTipset(tipset.Parents))
        {
            return "the parents' headers are not there";
        }

        if (_network.Upgrades.MigrationBetween(_reader.ParentOf(tipset).Epoch, tipset.Epoch) is Upgrade upgrade)
        {
            return $"the state was migrated after epoch {upgrade.After} (network version {upgrade.Version})";
        }

        uint version = _network.Upgrades.VersionAt(tipset.Epoch);
        return NetworkRules.TryFor((NetworkVersion)version, out _) ? null : $"network version {version} is not supported";
    }

    private TipsetReport TryAll(ReplayItem item, WatchedBlockstore blocks)
    {
        ProofVerdicts proofs = executor.VerdictsOf(item.Tipset);
        TipsetReport first = Try(item, blocks, proofs, out TipsetResult result);
        IReadOnlyList<int> asked = proofs.Asked;
        if (first.Status == TipsetStatus.Equal || asked.Count == 0 || blocks.HasGap)
        {
            return first;
        }

        if (executor.Verifier is not null)
        {
            return WithRejections(item, blocks, first, proofs.Rejections, result);
        }

        // A proof that did not verify is rare: all of them, then each alone.
        IEnumerable<int[]> guesses = [[.. asked], .. asked.Count > 1 ? asked.Select(static number => (int[])[number]) : []];
        foreach (int[] rejected in guesses.Take(MaxRetries))
        {
            TipsetReport other = Try(item, blocks, new ProofVerdicts(rejected), out _);
            if (other.Status == TipsetStatus.Equal)
            {
                IEnumerable<string> names = rejected.Select(number => NameOf(result.Messages[number]));
                return other with { Note = $"with the proofs rejected of {string.Join(", ", names)}" };
            }
        }

        return first;
    }

    // What a verifier rejects stays a difference; that the chain took it as valid shows that the keys may be those of another network.
    private TipsetReport WithRejections(
        ReplayItem item, WatchedBlockstore blocks, TipsetReport report, IReadOnlyList<RejectedProof> rejections, TipsetResult result)
    {
        bool takenAsValid = rejections.Count > 0 && Try(item, blocks, new ProofVerdicts([]), out _).Status == TipsetStatus.Equal;
        string expected = takenAsValid ? "it as valid" : "other results with or without it";
        IEnumerable<TipsetDifference> proofs = rejections.Take(MaxRejections).Select(rejection => new TipsetDifference(
            $"proof in message {NameOf(result.Messages[rejection.Message])}", $"{rejection.Proof} is rejected: {rejection.Reason}", expected));
        return report with { Differences = [.. proofs, .. report.Differences], HasRejectedProofs = rejections.Count > 0 };
    }

    private TipsetReport Try(ReplayItem item, WatchedBlockstore blocks, ProofVerdicts proofs, out TipsetResult result)
    {
        MemoryBlockstore output = new();
        long start = Stopwatch.GetTimestamp();
        result = executor.On(blocks).Execute(item.Tipset, output, proofs);
        TimeSpan time = Stopwatch.GetElapsedTime(start);
        List<TipsetDifference> differences = [.. new ResultComparer(executor, output).Compare(item, result)];
        return new TipsetReport
        {
            Tipset = item.Tipset,
            Status = differences.Count == 0 ? TipsetStatus.Equal : TipsetStatus.Different,
            Differences = differences,
            Messages = result.Messages.Count(static message => message.Source is not null),
            GasUsed = result.Messages.Aggregate(0UL, static (sum, message) => sum + message.Ret.Receipt.GasUsed),
            Time = time,
            Machines = result.Machines,
        };
    }

    private static string NameOf(AppliedMessage message) => message.Source?.Cid.ToString() ?? $"the message of the system to {message.Message.To}";
}
