using Fvm.Ipld;

namespace Fvm.Chain;

/// <summary>
/// Executes tipsets: null rounds with their ticks of cron, the messages of all blocks, block rewards, cron (Lotus:
/// <c>chain/consensus/compute_state.go</c>). Thread-safe if the store is; runs on threads with large stacks (<see cref="ExecutionThread"/>).
/// </summary>
/// <param name="pool">Prepares and keeps code.</param>
/// <param name="reader">The chain, and the states to execute on.</param>
/// <param name="network">The network.</param>
public sealed class TipsetExecutor(EnginePool pool, ChainReader reader, NetworkParameters network)
{
    private readonly ConsensusFaults _faults = new(reader, network);

    /// <summary>What prepares and keeps code.</summary>
    public EnginePool Pool => pool;

    /// <summary>The chain.</summary>
    public ChainReader Reader => reader;

    /// <summary>Messages that are applied without checks of their sender, and without payment; null for none.</summary>
    public Func<ChainMessage, bool>? Unchecked { get; init; }

    /// <summary>Verifies proofs by the rules of a network version; null if all count as valid.</summary>
    public Func<NetworkVersion, IProofs>? Verifier { get; init; }

    /// <summary>The network.</summary>
    public NetworkParameters Network => network;

    /// <summary>Executes a tipset on its parents' state.</summary>
    /// <param name="tipset">The tipset; its blocks and messages are in the chain's store.</param>
    /// <param name="output">Receives the blocks of the new state and the receipts.</param>
    /// <exception cref="ChainException">A block is missing or malformed, or the tipset is not valid.</exception>
    /// <exception cref="FatalException">The state is missing or broken.</exception>
    public TipsetResult Execute(Tipset tipset, IBlockstore output) => Execute(tipset, output, ExecutionDetail.None);

    /// <summary>As <see cref="Execute(Tipset, IBlockstore)"/>, with more detail.</summary>
    public TipsetResult Execute(Tipset tipset, IBlockstore output, ExecutionDetail detail) =>
        Execute(tipset, output, VerdictsOf(tipset), detail);

    /// <summary>Executes a tipset as <see cref="Execute(Tipset, IBlockstore)"/> does, with a trace of each message of its blocks.</summary>
    /// <param name="tipset">The tipset.</param>
    /// <param name="output">Receives the blocks of the states.</param>
    /// <param name="syscalls">Whether the traces include the syscalls.</param>
    /// <exception cref="ChainException">A block is missing or malformed, or the tipset is not valid.</exception>
    /// <exception cref="FatalException">The state is missing or broken.</exception>
    public IReadOnlyList<TracedMessage> Trace(Tipset tipset, IBlockstore output, bool syscalls = false)
    {
        ExecutionDetail detail = ExecutionDetail.Traces | ExecutionDetail.States | (syscalls ? ExecutionDetail.Syscalls : ExecutionDetail.None);
        return new Run(this, tipset, output, VerdictsOf(tipset), detail).Trace();
    }

    /// <summary>The base fee of a tipset's children.</summary>
    /// <exception cref="ChainException">A message is missing or malformed.</exception>
    public TokenAmount BaseFeeAfter(Tipset tipset) => BaseFee.After(network, tipset, [.. tipset.Blocks.Select(reader.MessagesOf)]);

    /// <summary>A machine that runs messages on a state as the messages of a tipset run.</summary>
    /// <param name="tipset">The tipset: epoch, time, base fee, and the chain that randomness is drawn from.</param>
    /// <param name="state">The state.</param>
    /// <param name="output">Receives the blocks of new states.</param>
    /// <param name="detail">What is kept of messages.</param>
    /// <exception cref="ChainException">A block is missing or malformed.</exception>
    /// <exception cref="FatalException">The state is missing or broken.</exception>
    public Machine OpenMachine(Tipset tipset, in Cid state, IBlockstore output, ExecutionDetail detail = ExecutionDetail.None) => OpenMachine(
        tipset, state, tipset.Epoch, tipset.Timestamp, new LayeredBlockstore(output, reader.Store), VerdictsOf(tipset), detail);

    /// <summary>Ends the execution of a tipset of one block, whose messages were applied one by one: with the block's reward, and cron.</summary>
    /// <param name="executor">What applied them, on a machine of <see cref="OpenMachine(Tipset, in Cid, IBlockstore, ExecutionDetail)"/>.</param>
    /// <param name="tipset">The tipset.</param>
    /// <param name="tips">What the messages paid the miner.</param>
    /// <returns>The state after it.</returns>
    /// <exception cref="ChainException">The reward or cron failed.</exception>
    /// <exception cref="FatalException">The state is missing or broken.</exception>
    public static Cid Close(Executor executor, Tipset tipset, TokenAmount tips)
    {
        foreach (Message message in (ReadOnlySpan<Message>)
            [SystemMessages.Reward(tipset.Epoch, tipset.First, TokenAmount.Zero, tips), SystemMessages.Cron(tipset.Epoch)])
        {
            RequireSuccess(tipset.Epoch, message, executor.Execute(message, ApplyKind.Implicit, rawLength: 0));
        }

        return executor.Flush();
    }

    /// <summary>An executor that reads the chain by another store.</summary>
    internal TipsetExecutor On(IBlockstore store) => new(pool, reader.On(store), network) { Unchecked = Unchecked, Verifier = Verifier };

    /// <summary>The verdicts on a tipset's proofs: the verifier's, if there is one.</summary>
    internal ProofVerdicts VerdictsOf(Tipset tipset) =>
        new([], Verifier?.Invoke((NetworkVersion)network.Upgrades.VersionAt(tipset.Epoch)));

    internal TipsetResult Execute(
        Tipset tipset, IBlockstore output, ProofVerdicts proofs, ExecutionDetail detail = ExecutionDetail.None)
    {
        if (tipset.Blocks.Select(static block => block.Miner).Distinct().Count() != tipset.Blocks.Count)
        {
            throw new ChainException($"two blocks of epoch {tipset.Epoch} are of one miner");
        }

        return new Run(this, tipset, output, proofs, detail).Execute();
    }

    private static void RequireSuccess(ChainEpoch epoch, Message message, ApplyRet ret)
    {
        if (!ret.Receipt.ExitCode.IsSuccess)
        {
            throw new ChainException($"epoch {epoch}: the message of the system to {message.To} ended with {ret.Receipt.ExitCode}: {ret.Failure}");
        }
    }

    private ulong GenesisTimeOf(Tipset tipset) => network.GenesisTime ?? tipset.Timestamp - ((ulong)tipset.Epoch.Value * network.BlockDelay);

    /// <summary>What a machine asks of the chain at an epoch, on the state before the epoch's messages.</summary>
    public IExterns ExternsOf(Tipset tipset, ChainEpoch epoch, in Cid state) =>
        new ChainExterns(reader, new ChainRandomness(reader, network, GenesisTimeOf(tipset)), _faults, tipset, epoch, state);

    private Machine OpenMachine(
        Tipset tipset, in Cid state, ChainEpoch epoch, ulong timestamp, IBlockstore store, ProofVerdicts proofs, ExecutionDetail detail)
    {
        MachineContext context = new()
        {
            Network = new NetworkConfig
            {
                NetworkVersion = (NetworkVersion)network.Upgrades.VersionAt(epoch),
                ChainId = network.ChainId,
                ActorDebugging = network.ActorDebugging,
            },
            Epoch = epoch,
            Timestamp = timestamp,
            BaseFee = tipset.First.BaseFee,
            CirculatingSupply = CirculatingSupply.At(network, epoch, new ChainReader(store).OpenState(state)),
            InitialStateRoot = state,
            Tracing = detail.HasFlag(ExecutionDetail.Traces),
            TracesSyscalls = detail.HasFlag(ExecutionDetail.Syscalls),
        };
        return new Machine(pool, context, store, ExternsOf(tipset, epoch, state), proofs);
    }

    /// <summary>The execution of one tipset.</summary>
    private sealed class Run(TipsetExecutor owner, Tipset tipset, IBlockstore output, ProofVerdicts proofs, ExecutionDetail detail)
    {
        private readonly LayeredBlockstore _store = new(output, owner.Reader.Store);
        private readonly List<AppliedMessage> _applied = [];
        private readonly List<Machine> _machines = [];

        public TipsetResult Execute()
        {
            ChainReader reader = owner.Reader;
            NetworkParameters network = owner.Network;
            IReadOnlyList<BlockMessages> blocks = MessageSelection.Of(reader, network, tipset);
            Cid state = tipset.First.ParentState;
            for (long epoch = reader.ParentOf(tipset).Epoch.Value + 1; epoch < tipset.Epoch.Value; epoch++)
            {
                ChainEpoch nullRound = new(epoch);
                Executor cron = Open(state, nullRound, owner.GenesisTimeOf(tipset) + (network.BlockDelay * (ulong)epoch));
                ApplyOwn(cron, nullRound, SystemMessages.Cron(nullRound));
                state = cron.Flush();
            }

            Executor executor = Open(state, tipset.Epoch, tipset.Timestamp);
            List<Receipt> receipts = [];
            foreach (BlockMessages block in blocks)
            {
                TokenAmount penalty = TokenAmount.Zero;
                TokenAmount tips = TokenAmount.Zero;
                foreach (ChainMessage message in block.Messages)
                {
                    ApplyRet ret = Apply(executor, tipset.Epoch, message.Message, message);
                    receipts.Add(ret.Receipt);
                    penalty += ret.Penalty;
                    tips += ret.MinerTip;
                }

                ApplyOwn(executor, tipset.Epoch, SystemMessages.Reward(tipset.Epoch, block.Block, penalty, tips));
            }

            ApplyOwn(executor, tipset.Epoch, SystemMessages.Cron(tipset.Epoch));
            return new TipsetResult
            {
                Receipts = ReceiptsRoot.Write(_store, receipts, network.RulesAt(tipset.Epoch).EventsInReceipts),
                State = executor.Flush(),
                Messages = _applied,
                Machines = [.. _machines.Select(static machine => machine.Context)],
            };
        }

        public IReadOnlyList<TracedMessage> Trace()
        {
            List<TracedMessage> traced = [];
            Cid before = tipset.First.ParentState;
            foreach (AppliedMessage applied in Execute().Messages)
            {
                Cid after = applied.StateAfter!.Value;
                if (applied.Source is ChainMessage message)
                {
                    traced.Add(new TracedMessage(message, applied.Ret, _machines[applied.Machine], before, after));
                }

                before = after;
            }

            return traced;
        }

        private Executor Open(in Cid state, ChainEpoch epoch, ulong timestamp)
        {
            Machine machine = owner.OpenMachine(tipset, state, epoch, timestamp, _store, proofs, detail);
            _machines.Add(machine);
            return new Executor(machine);
        }

        private void ApplyOwn(Executor executor, ChainEpoch epoch, Message message) =>
            RequireSuccess(epoch, message, Apply(executor, epoch, message, source: null));

        private ApplyRet Apply(Executor executor, ChainEpoch epoch, Message message, ChainMessage? source)
        {
            proofs.Current = _applied.Count;
            ApplyKind kind = source is null || owner.Unchecked?.Invoke(source) == true ? ApplyKind.Implicit : ApplyKind.Explicit;
            ApplyRet ret = executor.Execute(message, kind, source?.ChainLength ?? 0);
            Cid? state = detail.HasFlag(ExecutionDetail.States) ? executor.Flush() : null;
            _applied.Add(new AppliedMessage(epoch, message, source, ret, _machines.Count - 1, state));
            return ret;
        }
    }
}
