using Fvm.Actors;
using Fvm.Chain;
using Fvm.Files;
using Fvm.Ipld;
using Fvm.Vectors;
using AppliedMessage = Fvm.Chain.AppliedMessage;

namespace Fvm.Cli;

/// <summary>Looks for the message at which a tipset differs, and writes it as a vector.</summary>
/// <param name="executor">Executed the tipset.</param>
/// <param name="pool">The settings of the pools that vectors are run on.</param>
/// <param name="folder">Where vectors are written.</param>
internal sealed class DifferenceReporter(TipsetExecutor executor, EnginePoolOptions pool, string folder)
{
    private const int MaxFields = 40;

    /// <summary>Describes a differing tipset; null if it cannot be executed at all.</summary>
    /// <param name="item">The tipset.</param>
    /// <param name="report">Its check.</param>
    /// <exception cref="FileException">The vector cannot be written.</exception>
    public DifferenceDetail? Describe(ReplayItem item, TipsetReport report)
    {
        MemoryBlockstore output = new();
        DifferencePlace place;
        try
        {
            place = new DifferenceFinder(executor).Find(item, output);
        }
        catch (Exception exception) when (exception is ChainException or FatalException && !ResourceExhaustedException.IsCauseOf(exception))
        {
            return null;
        }

        (string? vector, string note) = report.HasRejectedProofs
            ? (null, "there is no vector: in vectors all proofs are valid")
            : WriteVector(item, place, output);
        ChainMessage? source = place.Message is int number ? place.Result.Messages[number].Source : null;
        return new DifferenceDetail
        {
            Message = place.Message,
            Cid = source?.Cid.ToString(),
            Text = TextOf(place, output),
            Fields = place.Result.State == item.Child.First.ParentState ? [] : FieldsOf(place.Result.State, item.Child.First.ParentState, output),
            Vector = vector,
            VectorNote = note,
        };
    }

    private string TextOf(DifferencePlace place, MemoryBlockstore output)
    {
        if (place.Message is not int number)
        {
            return "the message is not known: the chain's receipts and its next state are not there";
        }

        AppliedMessage applied = place.Result.Messages[number];
        Message message = applied.Message;
        LayeredBlockstore store = new(output, executor.Reader.Store);
        string method = new MessageNames(store, place.Result.State, executor.Network.Upgrades.VersionAt(applied.Epoch)).MethodOf(message);
        string what = applied.Source is ChainMessage source ? $"{source.Cid}" : $"of the system, epoch {applied.Epoch}";
        string how = place.IsByReceipt ? "by its receipt" : "as it changed most of the actors that differ";
        return $"message {number} of {place.Result.Messages.Count} ({what}): {message.From} → {message.To}, method {method}; found {how}";
    }

    private IReadOnlyList<StateDifference> FieldsOf(Cid ours, Cid chain, MemoryBlockstore output)
    {
        LayeredBlockstore store = new(output, executor.Reader.Store);
        if (!store.Has(chain))
        {
            return [];
        }

        Dictionary<Cid, string> names = ActorLookup.Names(store, ours);
        return new StateComparer(store, store, code => names.GetValueOrDefault(code), MaxFields).Compare(ours, chain);
    }

    private (string? Path, string Note) WriteVector(ReplayItem item, DifferencePlace place, MemoryBlockstore output)
    {
        IReadOnlyList<AppliedMessage> all = place.Result.Messages;
        int last = all[^1].Machine;

        // By its receipt a message differs alone; a state is the chain's only after all messages.
        int first = place.Message ?? all.TakeWhile(message => message.Machine != last).Count();
        bool toTheEnd = !place.IsByReceipt && all[first].Machine == last;
        int count = toTheEnd ? all.Count - first : 1;
        Vector vector;
        try
        {
            using EnginePool fresh = new(pool);
            MessageCase found = new MessageIsolator(executor).Isolate(fresh, item.Tipset, place.Result, output, first, count);
            string root = toTheEnd ? item.Child.First.ParentState.ToString() : string.Empty;
            vector = CaseVector.Of(found, [.. Enumerable.Range(first, count).Select(number => place.ChainReceipts[number])], root);
        }
        catch (Exception exception) when (exception is ChainException or FatalException && !ResourceExhaustedException.IsCauseOf(exception))
        {
            return (null, $"there is no vector: {exception.Message}");
        }

        string path = Path.Combine(folder, $"{vector.Id}.json");
        AtomicFile.Write(path, file => VectorWriter.WriteExpected(file, vector));
        return (path, Check(vector, place, first));
    }

    // The vector must give here what the chain's replay gave.
    private string Check(Vector vector, DifferencePlace place, int first)
    {
        using VectorReplayer replayer = new(new ReplaySettings
        {
            Engine = pool.Engine,
            Maker = pool.Maker,
            CodeCache = pool.Cache,
            CompareNothing = true,
            NeverTrace = true,
        });
        VectorResult alone = replayer.Replay(vector, vector.Variants[0]);
        if (alone.Reason is not null || alone.Outcomes.Count != vector.Messages.Count)
        {
            return $"a vector that does not run alone: {alone.Reason ?? string.Join("; ", alone.Differences)}";
        }

        for (int index = 0; index < alone.Outcomes.Count; index++)
        {
            Receipt ours = place.Result.Messages[first + index].Ret.Receipt;
            MessageOutcome outcome = alone.Outcomes[index];
            if (outcome.ExitCode != ours.ExitCode.Value || outcome.GasUsed != ours.GasUsed
                || !outcome.Return.AsSpan().SequenceEqual(ours.ReturnData.Span))
            {
                return $"a vector whose message {index} gives another receipt alone than in the tipset";
            }
        }

        return alone.StateRoot == place.Result.Messages[first + alone.Outcomes.Count - 1].StateAfter?.ToString()
            ? "the message as a vector; fvm run shows the difference"
            : "a vector that gives another state alone than in the tipset";
    }
}
