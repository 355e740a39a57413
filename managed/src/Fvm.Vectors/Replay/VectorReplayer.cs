// Replays vectors on the machine.
using System.Diagnostics;
using Fvm.Ipld;
using Fvm.Ipld.Blockstore;

namespace Fvm.Vectors;

/// <summary>Replays vectors. Compiled code and bundles are shared by all vectors, and by all threads that replay at once.</summary>
public sealed class VectorReplayer : IDisposable
{
    /// <summary>The engine that is taken when none is named.</summary>
    public const string DefaultEngine = "interpreter";

    /// <summary>The stack in bytes that a thread needs that replays.</summary>
    public const int StackSize = ExecutionThread.StackBytes;

    // What a signature by secp256k1 takes on chain, and its framing (reference: testing/conformance/src/driver.rs).
    private const int Secp256k1SignatureLength = 65 + 4;
    private const ulong SecondsPerEpoch = 30;

    private readonly ReplaySettings _settings;
    private readonly EnginePool _pool;
    private readonly BundleCatalog _bundles;
    private readonly AcceptingProofs _proofs = new();

    /// <exception cref="ArgumentException">No engine has the name of the settings.</exception>
    public VectorReplayer(ReplaySettings settings)
    {
        _settings = settings;
        _pool = new EnginePool(settings.Engine);
        _bundles = new BundleCatalog(settings.BundleDirectory);
    }

    /// <summary>Replays a vector at each of its variants; what cannot be read gives one result that says so.</summary>
    public IReadOnlyList<VectorResult> ReplayAll(VectorOrError entry)
    {
        if (entry.Vector is not Vector vector)
        {
            string error = entry.Error ?? "unreadable";
            // The error says itself where it is.
            return [new VectorResult { Name = string.Empty, Status = VectorStatus.Unreadable, Reason = error }];
        }

        VectorResult[] results = new VectorResult[vector.Variants.Count];
        for (int index = 0; index < results.Length; index++)
        {
            results[index] = Replay(vector, vector.Variants[index]);
        }

        return results;
    }

    /// <summary>Replays a vector at one of its variants. What is wrong with the vector is in the result, never thrown.</summary>
    public VectorResult Replay(Vector vector, VectorVariant variant)
    {
        string name = vector.Variants.Count == 1 ? vector.Source : $"{vector.Source}@{variant.Id}";
        if (vector.SkipReason is not null)
        {
            return new VectorResult { Name = name, Status = VectorStatus.Skipped, Reason = vector.SkipReason };
        }

        try
        {
            return Run(vector, variant, name);
        }
        catch (VectorFormatException exception)
        {
            return new VectorResult { Name = name, Status = VectorStatus.Unreadable, Reason = exception.Message };
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // A fault of the machine is this vector's failure; the others can still tell something.
            Difference fault = new(null, "outcome", FaultOf(exception), "a result");
            return new VectorResult { Name = name, Status = VectorStatus.Failed, Differences = [fault] };
        }
    }

    public void Dispose() => _pool.Dispose();

    private VectorResult Run(Vector vector, VectorVariant variant, string name)
    {
        LayeredBlockstore store = new(new MemoryBlockstore(), CarBlocks.Read(vector.Car, "car"), _bundles.Open(vector.Bundle));
        bool tracing = !_settings.NeverTrace && (_settings.ForceTracing || vector.ApplyRets.Any(ret => ret.TraceDigest is not null));
        Message[] messages = new Message[vector.Messages.Count];
        for (int index = 0; index < messages.Length; index++)
        {
            messages[index] = Decode(vector.Messages[index].Bytes, index);
        }

        long start = Stopwatch.GetTimestamp();
        Machine machine = Open(vector, variant, store, tracing);
        Executor executor = new(machine);
        List<MessageOutcome> outcomes = new(messages.Length);
        List<Difference> differences = [];
        TimeSpan execution = TimeSpan.Zero;
        for (int index = 0; index < messages.Length; index++)
        {
            VectorMessage source = vector.Messages[index];
            ApplyKind kind = source.Implicit ? ApplyKind.Implicit : ApplyKind.Explicit;
            long applied = Stopwatch.GetTimestamp();
            ApplyRet ret;
            try
            {
                ret = executor.Execute(messages[index], kind, RawLength(source, messages[index]));
            }
            catch (FatalException exception)
            {
                differences.Add(new Difference(index, "outcome", $"a fatal error: {exception.Message}", "a receipt"));
                break;
            }

            execution += Stopwatch.GetElapsedTime(applied);
            MessageOutcome outcome = OutcomeText.Of(ret, tracing, _settings.KeepTraces);
            outcomes.Add(outcome);
            ExpectedApplyRet? expectedRet = vector.ApplyRets.Count == 0 ? null : vector.ApplyRets[index];
            differences.AddRange(OutcomeComparer.Compare(index, outcome, vector.Receipts[index], expectedRet));
        }

        string? root = outcomes.Count == messages.Length ? Flush(executor, differences) : null;
        TimeSpan total = Stopwatch.GetElapsedTime(start);
        if (root is not null && root != vector.PostRoot)
        {
            differences.Add(new Difference(null, "state root", root, vector.PostRoot));
        }

        return new VectorResult
        {
            Name = name,
            Status = differences.Count == 0 ? VectorStatus.Passed : VectorStatus.Failed,
            Differences = differences,
            Outcomes = outcomes,
            StateRoot = root,
            GasUsed = outcomes.Aggregate(0UL, (sum, outcome) => sum + outcome.GasUsed),
            ExecutionTime = execution,
            TotalTime = total,
        };
    }

    private Machine Open(Vector vector, VectorVariant variant, IBlockstore store, bool tracing)
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
            Timestamp = vector.Timestamp ?? unchecked((ulong)variant.Epoch * SecondsPerEpoch),
            BaseFee = TokenAmount.ParseAtto(vector.BaseFee),
            CirculatingSupply = TokenAmount.ParseAtto(vector.CirculatingSupply),
            InitialStateRoot = Cid.TryParse(vector.PreRoot, out Cid root)
                ? root
                : throw new VectorFormatException($"preconditions.state_tree.root_cid: '{vector.PreRoot}' is no CID"),
            Tracing = tracing,
        };
        try
        {
            return new Machine(_pool, context, store, new VectorExterns(vector), _proofs);
        }
        catch (FatalException exception)
        {
            throw new VectorFormatException($"the machine cannot be made: {exception.Message}", exception);
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
            throw new VectorFormatException($"apply_messages[{index}].bytes: {exception.Message}", exception);
        }
    }

    private static int RawLength(VectorMessage source, Message message) =>
        source.RawLength
        ?? source.Bytes.Length + (message.From.Protocol == AddressProtocol.Secp256k1 ? Secp256k1SignatureLength : 0);

    private static string FaultOf(Exception exception)
    {
        string trace = exception.StackTrace ?? string.Empty;
        string[] frames = trace.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return $"{exception.GetType().Name}: {exception.Message} {string.Join(" ", frames.Take(4))}";
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
