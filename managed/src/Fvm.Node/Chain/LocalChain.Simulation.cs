using System.Numerics;
using Fvm.Chain;
using Fvm.Ipld;
using Fvm.Tracing;

namespace Fvm.Node;

/// <content>The run of a simulation.</content>
internal sealed partial class LocalChain
{
    // ERC-7528's address of the native currency, and ERC-20's event Transfer(address,address,uint256).
    private static readonly EthAddress NativeCurrency = EthAddress.Parse("0xeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee");

    private static readonly EthHash TransferTopic =
        new(Convert.FromHexString("ddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef"));

    // Balances that overrides set may add up to more.
    private static readonly BigInteger MaxWord = (BigInteger.One << 256) - 1;

    /// <summary>A simulation while it runs. One thread at a time.</summary>
    private sealed class Simulation
    {
        private readonly LocalChain _chain;
        private readonly SimulationRequest _request;
        private readonly IReadOnlyList<BlockToSimulate> _plan;
        private readonly MemoryBlockstore _scratch;
        private readonly TipsetExecutor _executor;
        private readonly BlockComposer _composer;
        private readonly CancellationToken _stop;

        // Not the chain's own: a fork of it does not know that, and simulates the same.
        private readonly ReadOnlyMemory<byte> _seed;
        private readonly List<SimulatedBlock> _blocks = [];
        private LocalBlock _parent;
        private TokenAmount _baseFee;
        private OpenBlock? _open;
        private ulong _gasUsed;
        private long _outputBytes;

        /// <param name="chain">The chain.</param>
        /// <param name="request">The blocks.</param>
        /// <param name="parent">The block before them.</param>
        /// <param name="baseFee">The base fee of the first one, if fees are checked.</param>
        /// <param name="reader">Reads the chain, and what the simulation writes.</param>
        /// <param name="scratch">Receives what it writes.</param>
        /// <param name="stop">Ends it.</param>
        public Simulation(
            LocalChain chain,
            SimulationRequest request,
            LocalBlock parent,
            TokenAmount baseFee,
            ChainReader reader,
            MemoryBlockstore scratch,
            CancellationToken stop)
        {
            _chain = chain;
            _request = request;
            _plan = SimulationPlan.Of(request.Blocks, parent.Number, parent.Timestamp, chain.Network.BlockDelay, MaxTimestamp);
            _scratch = scratch;
            _executor = new TipsetExecutor(chain._pool, reader, chain.Network);
            _composer = new BlockComposer(scratch, chain.Network);
            _stop = stop;
            _seed = parent.Tipset.First.Ticket ?? default;
            _parent = parent;
            _baseFee = baseFee;
        }

        /// <summary>The blocks that are complete.</summary>
        public IReadOnlyList<SimulatedBlock> Blocks => _blocks;

        /// <summary>Runs calls for some time.</summary>
        /// <param name="milliseconds">For how long; a call that has begun ends.</param>
        /// <returns>Whether all blocks are complete.</returns>
        /// <exception cref="SimulationException">A call cannot be.</exception>
        /// <exception cref="OperationCanceledException">It was stopped.</exception>
        public bool Advance(int milliseconds)
        {
            long start = Environment.TickCount64;
            while (_blocks.Count < _plan.Count)
            {
                _stop.ThrowIfCancellationRequested();
                _open ??= Open(_plan[_blocks.Count]);
                if (_open.Calls.Count < _open.Source.Calls.Count)
                {
                    Run(_open, _open.Source.Calls[_open.Calls.Count]);
                }
                else
                {
                    Close(_open);
                    _open = null;
                }

                if (Environment.TickCount64 - start >= milliseconds)
                {
                    break;
                }
            }

            return _blocks.Count == _plan.Count;
        }

        private OpenBlock Open(BlockToSimulate source)
        {
            Cid state = source.Overrides.Count > 0 ? _chain.Override(_parent.State, source.Overrides, _scratch) : _parent.State;
            BlockDraft draft = new()
            {
                Parent = _parent.Tipset,
                Epoch = new ChainEpoch((long)source.Number!.Value),
                Timestamp = source.Timestamp!.Value,
                ParentState = state,
                ParentReceipts = _parent.Receipts,
                BaseFee = source.BaseFee ?? (_request.Validates ? _baseFee : TokenAmount.Zero),
                Miner = MinerOf(source),
                SeedBytes = _seed,
            };
            ExecutionDetail detail = _request.TracesTransfers ? ExecutionDetail.Traces : ExecutionDetail.None;
            Machine machine = _executor.OpenMachine(_composer.Preview(draft), state, _scratch, detail);
            StateView view = new(machine.StateTree, machine.Manifest);
            return new OpenBlock(source, draft, new Executor(machine), view, source.GasLimit ?? _chain.GasPerBlock);
        }

        // The state of a block before the fork may not have today's miner.
        private Address MinerOf(BlockToSimulate source)
        {
            Address miner = source.Miner ?? (_parent.Number < _chain.Genesis.Number ? _parent.Tipset.First.Miner : _chain.Miner);
            if (source.Miner is null)
            {
                return miner;
            }

            StateView state = _chain.OpenState(_parent.State, _executor.Reader.Store);
            return state.Tree.LookupId(miner) is ActorId id && state.Tree.GetActor(id) is ActorState actor && state.IsMiner(actor)
                ? Address.NewId(id)
                : throw new SimulationException(SimulationFault.InvalidParams, $"feeRecipient: {_chain.NoMiner(miner).Message}");
        }

        private void Close(OpenBlock open)
        {
            Tipset tipset = _composer.Compose(open.Draft with { Messages = [.. open.Calls.Select(static call => call.Message.Message)] });
            LocalBlock block = new()
            {
                Tipset = tipset,
                Hash = EthHash.OfCid(tipset.ToCid()),
                State = open.Draft.ParentState,
                Receipts = _composer.EmptyReceipts(),
                Messages = [.. open.Calls.Select(static call => call.Message)],
                NextBaseFee = _executor.BaseFeeAfter(tipset),
            };
            if (_blocks.Count + 1 < _plan.Count)
            {
                block = _chain.Migrate(block with { State = TipsetExecutor.Close(open.Executor, tipset, open.Tips) }, _scratch);
            }

            _blocks.Add(new SimulatedBlock(block, open.GasLimit, open.Calls));
            _parent = block;
            _baseFee = block.NextBaseFee;
        }

        private void Run(OpenBlock open, CallRequest call)
        {
            string place = $"call {open.Calls.Count} of block {open.Draft.Epoch}";
            EthAddress from = call.From ?? default;
            ActorState sender = SenderOf(open, from, place);
            bool isChecked = open.State.IsSender(sender);
            ulong gas = GasOf(open, call, place);
            EthTransaction transaction = new()
            {
                Kind = call.GasPrice is null ? EthTransactionKind.DynamicFee : EthTransactionKind.Protected,
                ChainId = _chain.ChainId,
                Nonce = call.Nonce ?? open.State.NonceOf(from),
                To = call.To,
                Value = call.Value,
                Input = call.Input,
                GasLimit = gas,
                MaxFeePerGas = call.GasPrice ?? call.MaxFeePerGas ?? TokenAmount.Zero,
                MaxPriorityFeePerGas = call.GasPrice ?? call.MaxPriorityFeePerGas ?? TokenAmount.Zero,
            };
            ChainMessage named = ChainMessage.Create(transaction.ToMessage(from), CallSignature);
            Check(open, transaction, from, sender, named.ChainLength, place);

            Message message = named.Message with { Sequence = sender.Sequence };
            ApplyRet ret = open.Executor.Execute(message, isChecked ? ApplyKind.Explicit : ApplyKind.Implicit, named.ChainLength, _stop);
            Add(open, from, transaction, named, ret, isUnchecked: !isChecked);
        }

        // An address without an actor gets one, as one that was sent something.
        private static ActorState SenderOf(OpenBlock open, EthAddress from, string place)
        {
            if (open.State.Find(from) is null)
            {
                _ = open.Executor.Execute(SystemMessage(from.ToFilecoin(), MethodNumber.Send, default), ApplyKind.Implicit, rawLength: 0);
            }

            ActorState sender = open.State.Find(from)
                ?? throw new SimulationException(SimulationFault.NoSender, $"{place}: the sender {from} is no account: there is no actor of that ID");
            return sender.Sequence < ulong.MaxValue
                ? sender
                : throw new SimulationException(SimulationFault.NonceTooHigh, $"{place}: nonce has max value: {sender.Sequence}, of {from}");
        }

        private static ulong GasOf(OpenBlock open, CallRequest call, string place)
        {
            ulong left = open.GasLimit - Math.Min(open.GasLimit, open.GasUsed);
            ulong most = Math.Min(left, BlockGasLimit);
            return (call.Gas ?? most) <= most
                ? call.Gas ?? most
                : throw new SimulationException(
                    SimulationFault.BlockGasLimit, $"block gas limit reached: {place} has the gas limit {call.Gas}, at most {most} are possible");
        }

        private void Check(OpenBlock open, EthTransaction transaction, EthAddress from, ActorState sender, int length, string place)
        {
            ulong nonce = open.State.NonceOf(from);
            if (_request.Validates && transaction.Nonce != nonce)
            {
                bool low = transaction.Nonce < nonce;
                throw new SimulationException(
                    low ? SimulationFault.NonceTooLow : SimulationFault.NonceTooHigh,
                    $"{place}: nonce too {(low ? "low" : "high")}: next nonce {nonce}, tx nonce {transaction.Nonce}");
            }

            if (_request.Validates && length > MaxMessageBytes)
            {
                throw new SimulationException(
                    SimulationFault.InvalidParams,
                    $"{place}: oversized data: the message has {length} bytes on the chain, {MaxMessageBytes} are allowed");
            }

            CheckFees(open, transaction, place);
            ulong inclusion = NetworkRules.For(_chain.Network.Upgrades.VersionAt(open.Draft.Epoch)).Prices.OnChainMessage(length).Total.RoundUp();
            if (transaction.GasLimit < inclusion)
            {
                throw new SimulationException(
                    SimulationFault.IntrinsicGas,
                    $"{place}: intrinsic gas too low: gas limit {transaction.GasLimit}, the message's {length} bytes on the chain take {inclusion}");
            }

            TokenAmount cost = (transaction.MaxFeePerGas * transaction.GasLimit) + transaction.Value;
            if (sender.Balance < cost)
            {
                throw new SimulationException(
                    SimulationFault.InsufficientFunds,
                    $"{place}: insufficient funds for gas * price + value: address {from} has {sender.Balance.Atto}, wants {cost.Atto}");
            }
        }

        private void CheckFees(OpenBlock open, EthTransaction transaction, string place)
        {
            if (transaction.MaxPriorityFeePerGas > transaction.MaxFeePerGas)
            {
                throw new SimulationException(
                    SimulationFault.InvalidParams,
                    $"{place}: max priority fee per gas higher than max fee per gas: {transaction.MaxPriorityFeePerGas.Atto} is more than "
                    + $"{transaction.MaxFeePerGas.Atto}");
            }

            // A call that names no fee is free, unless it is checked.
            if ((_request.Validates || !transaction.MaxFeePerGas.IsZero) && transaction.MaxFeePerGas < open.Draft.BaseFee)
            {
                throw new SimulationException(
                    SimulationFault.BaseFeeTooLow,
                    $"{place}: max fee per gas less than block base fee: {transaction.MaxFeePerGas.Atto} is less than {open.Draft.BaseFee.Atto}");
            }
        }

        private void Add(
            OpenBlock open, EthAddress from, EthTransaction transaction, ChainMessage named, ApplyRet ret, bool isUnchecked)
        {
            EthAddress? created = MessageResults.CreatedBy(named.Message, ret);
            byte[] data = created is EthAddress contract
                ? open.State.CodeOf(contract)
                : MessageResults.ReturnOf(ret.Receipt.ReturnData.Span);
            (IReadOnlyList<LocalLog> all, IReadOnlyList<LocalLog> own) = LogsOf(open, named.Message, ret);
            _gasUsed += ret.Receipt.GasUsed;
            _outputBytes += data.Length + all.Sum(static log => log.Data.Length + (log.Topics.Length * EthHash.Length));
            if (_gasUsed > _request.MaxGas || _outputBytes > SimulationRequest.MaxOutputBytes)
            {
                throw new SimulationException(
                    SimulationFault.LimitExceeded,
                    $"the calls up to {open.Calls.Count} of block {open.Draft.Epoch} use {_gasUsed} gas and return {_outputBytes} bytes: a "
                    + $"simulation may use {_request.MaxGas} and return {SimulationRequest.MaxOutputBytes}; send fewer calls");
            }

            open.GasUsed += ret.Receipt.GasUsed;
            open.Tips += ret.MinerTip;
            open.LogCount += all.Count;
            ApplyRet kept = ret with { Trace = [] };
            open.Calls.Add(new SimulatedCall(
                new LocalMessage
                {
                    Hash = transaction.Hash,
                    Message = named,
                    Transaction = transaction,
                    Ret = kept,
                    From = from,
                    To = transaction.To,
                    Created = created,
                    Index = open.Calls.Count,
                    IsUnchecked = isUnchecked,
                    CumulativeGas = open.GasUsed,
                    Logs = own,
                },
                new CallOutcome(kept, data, all)));
        }

        // All logs, and those of contracts alone.
        private (IReadOnlyList<LocalLog> All, IReadOnlyList<LocalLog> Own) LogsOf(OpenBlock open, Message message, ApplyRet ret)
        {
            if (!ret.Receipt.ExitCode.IsSuccess)
            {
                return ([], []);
            }

            if (!_request.TracesTransfers)
            {
                IReadOnlyList<LocalLog> logs = MessageResults.LogsOf(ret, open.State, open.LogCount);
                return (logs, logs);
            }

            List<LocalLog> all = [];
            List<LocalLog> own = [];
            IReadOnlyList<ValueTransfer> transfers = ValueTransfers.Of(open.Executor.Machine, message, ret);
            int next = 0;
            for (int index = 0; index <= ret.Events.Count; index++)
            {
                for (; next < transfers.Count && transfers[next].EventsBefore <= index; next++)
                {
                    all.Add(LogOf(transfers[next], open.LogCount + all.Count));
                }

                if (index < ret.Events.Count)
                {
                    IReadOnlyList<LocalLog> log = MessageResults.LogsOf(
                        [ret.Events[index]], (_, emitter) => open.State.AddressOf(emitter), open.LogCount + all.Count);
                    all.AddRange(log);
                    own.AddRange(log);
                }
            }

            return (all, own);
        }

        private static LocalLog LogOf(in ValueTransfer transfer, int index) => new(
            NativeCurrency,
            [TransferTopic, WordOf(transfer.From), WordOf(transfer.To)],
            EthHash.OfNumber(BigInteger.Min(transfer.Value.Atto, MaxWord)).ToBytes(),
            index);

        private static EthHash WordOf(EthAddress address) =>
            EthHash.OfNumber(new BigInteger(address.ToBytes(), isUnsigned: true, isBigEndian: true));

        /// <summary>The block whose calls run.</summary>
        private sealed class OpenBlock(BlockToSimulate source, BlockDraft draft, Executor executor, StateView state, ulong gasLimit)
        {
            public BlockToSimulate Source => source;

            public BlockDraft Draft => draft;

            public Executor Executor => executor;

            public StateView State => state;

            public ulong GasLimit => gasLimit;

            public List<SimulatedCall> Calls { get; } = [];

            public ulong GasUsed { get; set; }

            public TokenAmount Tips { get; set; }

            public int LogCount { get; set; }
        }
    }
}
