using System.Diagnostics;
using Fvm.Ipld;

namespace Fvm.Vectors;

/// <summary>Replays vectors on the machine. Compiled code and bundles are shared by all vectors and threads. Thread-safe.</summary>
public sealed class VectorReplayer : IDisposable
{
    /// <summary>The default engine.</summary>
    public static string DefaultEngine => Wasm.WasmEngines.Default;

    private readonly ReplaySettings _settings;
    private readonly EnginePool _pool;
    private readonly BundleCatalog _bundles;

    /// <exception cref="ArgumentException">The engine of the settings does not exist.</exception>
    public VectorReplayer(ReplaySettings settings)
    {
        _settings = settings;
        _pool = new EnginePool(new EnginePoolOptions { Engine = settings.Engine, Maker = settings.Maker, Cache = settings.CodeCache });
        _bundles = new BundleCatalog(settings.BundleDirectory, settings.CodeCache);
    }

    /// <summary>Replays a vector at each of its variants; an unreadable vector yields one result that says so.</summary>
    public IReadOnlyList<VectorResult> ReplayAll(VectorOrError entry)
    {
        if (entry.Vector is not Vector vector)
        {
            string error = entry.Error ?? "unreadable";
            // The error message includes its location.
            return [new VectorResult { Name = string.Empty, Status = VectorStatus.Unreadable, Reason = error }];
        }

        VectorResult[] results = new VectorResult[vector.Variants.Count];
        for (int index = 0; index < results.Length; index++)
        {
            results[index] = Replay(vector, vector.Variants[index]);
        }

        return results;
    }

    /// <summary>Replays a vector at one of its variants. Faults of the vector are reported in the result, never thrown.</summary>
    /// <param name="vector">The vector.</param>
    /// <param name="variant">One of its variants.</param>
    /// <param name="state">The blocks of the vector's CAR if already read; used read-only.</param>
    /// <param name="written">Receives the blocks that the replay writes; null if nobody needs them.</param>
    public VectorResult Replay(Vector vector, VectorVariant variant, IBlockstore? state = null, MemoryBlockstore? written = null)
    {
        string name = vector.Variants.Count == 1 ? vector.Source : $"{vector.Source}@{variant.Id}";
        if (vector.SkipReason is not null)
        {
            return new VectorResult { Name = name, Status = VectorStatus.Skipped, Reason = vector.SkipReason };
        }

        try
        {
            state ??= CarBlocks.Read(vector.Car, "car");
            VectorResult result = Run(vector, variant, name, state, written ?? new MemoryBlockstore(), proofsVerify: !_settings.RejectProofs);
            return result.Status == VectorStatus.Failed && !vector.TellsHowProofsFared && !_settings.RejectProofs
                ? RunWithoutProofs(vector, variant, name, state) ?? result
                : result;
        }
        catch (InputException exception)
        {
            return new VectorResult { Name = name, Status = VectorStatus.Unreadable, Reason = exception.Message };
        }
        catch (Exception exception) when (!ResourceExhaustedException.IsCauseOf(exception))
        {
            // A fault of the machine fails this vector only; the others may still be informative.
            Difference fault = new(null, "outcome", UnforeseenFailure.Describe(exception), "a result");
            return new VectorResult { Name = name, Status = VectorStatus.Failed, Differences = [fault] };
        }
    }

    public void Dispose() => _pool.Dispose();

    // A vector taken from the chain does not say whether its proofs verified. They nearly always did, except when an invalid proof of
    // spacetime is disputed; so if its results cannot be reproduced with valid proofs, they are compared with rejected ones.
    private VectorResult? RunWithoutProofs(Vector vector, VectorVariant variant, string name, IBlockstore state)
    {
        VectorResult result = Run(vector, variant, name, state, new MemoryBlockstore(), proofsVerify: false);
        return result.Status == VectorStatus.Passed ? result : null;
    }

    private VectorResult Run(
        Vector vector, VectorVariant variant, string name, IBlockstore state, MemoryBlockstore written, bool proofsVerify)
    {
        IBlockstore bundle = _bundles.Of(vector, variant);
        HostFailures failures = new(vector.HostFailures);
        LayeredBlockstore store = new(failures.Of(written), failures.Of(state), bundle);
        bool mayTrace = !_settings.NeverTrace && !_settings.OnlyTimes;
        bool tracing = mayTrace
            && (_settings.ForceTracing || _settings.Describe is not null || vector.ApplyRets.Any(ret => ret.TraceDigest is not null));
        Message[] messages = new Message[vector.Messages.Count];
        for (int index = 0; index < messages.Length; index++)
        {
            messages[index] = Decode(vector.Messages[index].Bytes, index);
        }

        long start = Stopwatch.GetTimestamp();
        VectorExterns externs = new(vector, failures);
        Machine machine = Open(vector, variant, store, tracing, externs, new ConstantProofs(proofsVerify));
        Executor executor = new(machine);
        List<string> descriptions = [];
        Cid stateRoot = machine.Context.InitialStateRoot;
        List<ApplyRet> rets = new(messages.Length);
        List<Difference> differences = [];
        List<TimeSpan> times = new(messages.Length);
        for (int index = 0; index < messages.Length && differences.Count == 0; index++)
        {
            VectorMessage source = vector.Messages[index];
            ApplyKind kind = source.Implicit ? ApplyKind.Implicit : ApplyKind.Explicit;
            long applied = Stopwatch.GetTimestamp();
            try
            {
                rets.Add(executor.Execute(messages[index], kind, source.RawLength ?? RawLengths.Of(messages[index], source.Bytes.Length)));
                if (_settings.Describe is not null)
                {
                    Cid before = stateRoot;
                    stateRoot = executor.Flush();
                    descriptions.Add(_settings.Describe(new ReplayedMessage(name, index, messages[index], rets[^1], machine, before, stateRoot)));
                }
            }
            catch (FatalException exception)
            {
                differences.Add(new Difference(index, "outcome", $"a fatal error: {exception.Message}", "a receipt"));
            }

            times.Add(Stopwatch.GetElapsedTime(applied));
        }

        string? root = differences.Count == 0 ? Flush(executor, differences) : null;
        TimeSpan total = Stopwatch.GetElapsedTime(start);
        MessageOutcome[] outcomes =
        [
            .. rets.Select(ret => OutcomeText.Of(
                ret, TraceText.AsRecorded(ret.Trace, vector.Recorder), tracing, _settings.KeepTraces, keepEvents: !_settings.OnlyTimes)),
        ];
        return new VectorResult
        {
            Name = name,
            Status = VectorStatus.Passed,
            Outcomes = outcomes,
            Descriptions = descriptions,
            StateRoot = root,
            Written = _settings.KeepBlocks ? written : null,
            MadeUpRandomness = externs.MadeUp,
            GasUsed = outcomes.Aggregate(0UL, (sum, outcome) => sum + outcome.GasUsed),
            MessageTimes = times,
            TotalTime = total,
        }.WithDifferences(_settings.CompareNothing || _settings.OnlyTimes ? differences : [.. CompareAll(vector, outcomes, root), .. differences]);
    }

    private static IEnumerable<Difference> CompareAll(Vector vector, MessageOutcome[] outcomes, string? root)
    {
        // A vector being recorded has no expectations yet.
        int comparable = Math.Min(outcomes.Length, vector.Receipts.Count);
        for (int index = 0; index < comparable; index++)
        {
            ExpectedApplyRet? expectedRet = vector.ApplyRets.Count == 0 ? null : vector.ApplyRets[index];
            foreach (Difference difference in OutcomeComparer.Compare(index, outcomes[index], vector.Receipts[index], expectedRet))
            {
                yield return difference;
            }
        }

        if (root is not null && comparable == vector.Messages.Count && vector.PostRoot.Length != 0 && root != vector.PostRoot)
        {
            yield return new Difference(null, "state root", root, vector.PostRoot);
        }
    }

    private Machine Open(
        Vector vector, VectorVariant variant, IBlockstore store, bool tracing, VectorExterns externs, ConstantProofs proofs)
    {
        MachineContext context = new()
        {
            Network = new NetworkConfig
            {
                NetworkVersion = (NetworkVersion)variant.NetworkVersion,
                ChainId = vector.ChainId,
                ActorDebugging = vector.ActorDebugging,
            },
            Epoch = new ChainEpoch(variant.Epoch),
            Timestamp = vector.Timestamp ?? VectorParser.DefaultTimestamp(variant.Epoch),
            BaseFee = TokenAmount.ParseAtto(vector.BaseFee),
            CirculatingSupply = TokenAmount.ParseAtto(vector.CirculatingSupply),
            InitialStateRoot = Cid.TryParse(vector.PreRoot, out Cid root)
                ? root
                : throw new InputException($"preconditions.state_tree.root_cid: '{vector.PreRoot}' is not a CID"),
            Tracing = tracing,
            TracesSyscalls = _settings.TraceSyscalls,
        };
        try
        {
            return new Machine(_pool, context, store, externs, proofs);
        }
        catch (FatalException exception)
        {
            throw new InputException($"the machine cannot be created: {exception.Message}", exception);
        }
    }

    private static Message Decode(byte[] bytes, int index)
    {
        try
        {
            return Message.Decode(bytes);
        }
        catch (MessageException exception)
        {
            throw new InputException($"apply_messages[{index}].bytes: {exception.Message}", exception);
        }
    }

    private static string? Flush(Executor executor, List<Difference> differences)
    {
        try
        {
            return executor.Flush().ToString();
        }
        catch (FatalException exception)
        {
            differences.Add(new Difference(null, "state root", $"a fatal error: {exception.Message}", "a state root"));
            return null;
        }
    }
}
