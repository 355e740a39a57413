using Fvm.Ipld;
using Fvm.Vectors;

namespace Fvm.Slowest;

/// <summary>Creates vectors with one message that runs a loop for about a given time.</summary>
internal sealed class LoopVector : IDisposable
{
    /// <summary>The actor with the loop.</summary>
    public const ulong LoopId = 1000;

    public const long Epoch = 5000;

    private const uint Version = 28;
    private const ulong SecondsPerEpoch = 30;
    private const ulong GasLimit = 40_000_000_000;
    private const ulong FirstGas = 50_000_000;

    // The gas limit of a block.
    private const ulong MostGas = 10_000_000_000;
    private const ulong FewRounds = 4;

    private readonly VectorReplayer _replayer = new(new ReplaySettings { NeverTrace = true });

    /// <summary>The sender, a secp256k1 account with id 100.</summary>
    public static Address Sender { get; } = Address.NewSecp256k1(new byte[65]);

    /// <summary>Creates the vector of a loop, with our machine's results.</summary>
    /// <param name="time">
    /// Approximate duration of the message on this machine, long enough to make everything before the loop negligible.
    /// </param>
    /// <exception cref="InvalidOperationException">The loop fails.</exception>
    public Vector Create(Loop loop, TimeSpan time, out VectorResult result)
    {
        (byte[] car, Cid root) = State(loop);

        // Gas is linear in the number of rounds; so is time, for many rounds.
        ulong once = Run(loop, car, root, 2).GasUsed;
        ulong perRound = Math.Max((Run(loop, car, root, 2 + FewRounds).GasUsed - once) / FewRounds, 1);
        ulong most = Math.Min(MostGas / perRound, loop.MaxRounds);
        ulong rounds = Math.Clamp(FirstGas / perRound, 2, most);

        // Warm-up: .NET's unoptimised code takes several times as long, which would make the loop far too short.
        Run(loop, car, root, rounds);
        while (true)
        {
            Vector vector = Of(loop, car, root, rounds);
            TimeSpan before = Environment.CpuUsage.TotalTime;
            result = Run(loop, vector);
            double wanted = time / (Environment.CpuUsage.TotalTime - before);
            if (wanted is > 0.3 and < 1.5 || (wanted > 1 && rounds == most) || (wanted < 1 && rounds == 2))
            {
                return vector;
            }

            rounds = (ulong)Math.Clamp(rounds * Math.Min(wanted, 20), 2, most);
        }
    }

    /// <summary>Runs a loop on this machine.</summary>
    /// <exception cref="InvalidOperationException">The loop fails.</exception>
    public VectorResult Run(Loop loop, ulong rounds)
    {
        (byte[] car, Cid root) = State(loop);
        return Run(loop, car, root, rounds);
    }

    public void Dispose() => _replayer.Dispose();

    private static (byte[] Car, Cid Root) State(Loop loop)
    {
        MemoryBlockstore store = new();
        GenesisBuilder builder = new(store, path => path == Callees.LoopPath ? LoopActor.Module(loop) : Callees.CodeOf(path));
        Cid root = builder.Build(new GenesisSpec
        {
            NetworkName = "loops",
            Builtin = [.. Callees.BuiltinNames.Select(name => new GenesisActor(0, name, $"{name}.wasm", [], TokenAmount.Zero))],
            Accounts = [new GenesisAccount(Sender, TokenAmount.FromWhole(1_000_000))],
            Actors =
            [
                new GenesisActor(LoopId, Callees.LoopPath, Callees.LoopPath, EmptyState.Block, TokenAmount.FromWhole(1)),
                .. Callees.All,
            ],
        });
        using MemoryStream car = new();
        CarFiles.Write(car, root, store);
        return (car.ToArray(), root);
    }

    private static Vector Of(Loop loop, byte[] car, Cid root, ulong rounds)
    {
        Message message = new()
        {
            From = Sender,
            To = Address.NewId(LoopId),
            Method = new MethodNumber(rounds),
            GasLimit = GasLimit,
            GasFeeCap = TokenAmount.FromAtto(1_000L),
            GasPremium = TokenAmount.FromAtto(10L),
        };
        byte[] bytes = message.Encode();
        return new Vector
        {
            Name = loop.Name,
            Source = loop.Name,
            Id = loop.Name,
            Description = "one syscall or opcode again and again",
            Variants = [new VectorVariant($"nv{Version}", Epoch, Version)],
            PreRoot = root.ToString(),
            PostRoot = string.Empty,
            BaseFee = "100",
            CirculatingSupply = "2000000000000000000000000000",
            ChainId = 314,
            Timestamp = Epoch * SecondsPerEpoch,
            Car = car,
            Messages = [new VectorMessage(bytes, Implicit: false, RawLengths.Of(message, bytes.Length))],
            Receipts = [],
            Randomness = [.. Answers.Randomness],
            TipsetCids = [.. Answers.TipsetCids],
        };
    }

    private VectorResult Run(Loop loop, byte[] car, Cid root, ulong rounds) => Run(loop, Of(loop, car, root, rounds));

    private VectorResult Run(Loop loop, Vector vector)
    {
        VectorResult result = ExecutionThread.Run(() => _replayer.Replay(vector, vector.Variants[0]));
        if (result.Reason is not null || result.StateRoot is null || result.Outcomes is not [{ ExitCode: 0 }])
        {
            string found = result.Outcomes is [MessageOutcome outcome] ? $"exit code {outcome.ExitCode}, {outcome.Failure}" : "no receipt";
            throw new InvalidOperationException($"{loop.Name}: {result.Reason ?? found} {string.Join("; ", result.Differences)}");
        }

        return result;
    }
}
