using Fvm.Chain;
using Fvm.Ipld;
using Fvm.Tracing;

namespace Fvm.Node;

/// <content>Messages in Filecoin's own form.</content>
internal sealed partial class LocalChain
{
    /// <summary>Runs a message on a state, and changes nothing.</summary>
    /// <param name="message">The message; its nonce and fees do not count.</param>
    /// <param name="block">On the state behind which block.</param>
    /// <param name="pending">Whether the waiting messages count.</param>
    /// <returns>The result; also of a message that failed.</returns>
    public Task<CallOutcome> CallAsync(Message message, LocalBlock block, bool pending) =>
        ReadStateAsync(block, () => OutcomeOf(Prepare(WithoutFees(message), block, pending, overrides: null, ExecutionDetail.None)));

    /// <summary>Runs a message on a state as those of the system run, with a trace: it pays for nothing, and its sender may be any actor.</summary>
    /// <param name="message">The message; its nonce and fees do not count.</param>
    /// <param name="block">On the state behind which block.</param>
    /// <returns>The message as it ran, and its result.</returns>
    public Task<(Message Message, CallOutcome Outcome)> CallFreelyAsync(Message message, LocalBlock block) => ReadStateAsync(block, () =>
    {
        PreparedCall call = Prepare(WithoutFees(message), block, pending: false, overrides: null, ExecutionDetail.Traces);
        return (call.Message, OutcomeOf(call with { Kind = ApplyKind.Implicit, Length = 0 }));
    });

    /// <summary>Runs a message in the next block on the head's state with a change, as those of the system run, and changes nothing.</summary>
    /// <param name="change">Changes the state tree.</param>
    /// <param name="message">The message.</param>
    public Task<ApplyRet> TryAsync(Action<StateTree> change, Message message)
    {
        LocalBlock head = Head;
        return ReadStateAsync(head, () =>
        {
            MemoryBlockstore scratch = new();
            StateView state = OpenState(head.State, new LayeredBlockstore(scratch, Store));
            change(state.Tree);
            Tipset next = _composer.Preview(DraftAfter(head, head.Number + 1, _next));
            Machine machine = OpenMachine(next, state.Tree.Flush(), scratch, ExecutionDetail.None);
            return new Executor(machine).Execute(message, ApplyKind.Implicit, rawLength: 0);
        });
    }

    /// <summary>Takes a signed message into the pool, and mines it if blocks are made automatically.</summary>
    /// <param name="message">The message; its sender is a key address, or a delegated one.</param>
    /// <param name="signature">The signature.</param>
    /// <returns>Its CID.</returns>
    /// <exception cref="RefusedException">The signature is not the sender's, or the chain does not take it.</exception>
    public async Task<Cid> SendAsync(Message message, ChainSignature signature)
    {
        PoolMessage pooled = signature.Kind switch
        {
            ChainSignatureKind.Delegated => OfTransaction(message, signature),
            ChainSignatureKind.Bls => OfSigned(message, signature, ChainMessage.Create(message, signature: null)),
            _ => OfSigned(message, signature, ChainMessage.Create(message, signature)),
        };
        _ = await SendAsync(pooled);
        return pooled.Message.Cid;
    }

    /// <summary>The nonce of the next message of any sender, those that wait counted.</summary>
    public ulong PendingNonceOf(in Address sender)
    {
        StateView state = StateOf(Head);
        return state.Find(sender) is ActorState actor ? Pool.NonceAfter(state.KeyOf(sender) ?? sender, actor.Sequence) : 0;
    }

    private static Message WithoutFees(Message message) => message with
    {
        GasLimit = message.GasLimit == 0 ? BlockGasLimit : Math.Min(message.GasLimit, BlockGasLimit),
        GasFeeCap = TokenAmount.Zero,
        GasPremium = TokenAmount.Zero,
    };

    private static PoolMessage OfSigned(Message message, ChainSignature signature, ChainMessage encoded) =>
        BlockSignatures.IsSignatureOf(signature, message.From, encoded.UnsignedCid.ToBytes())
            ? new PoolMessage(EthHash.OfCid(encoded.Cid), encoded, Transaction: null) { Signature = signature }
            : throw new RefusedException($"the signature is not that of {message.From} under message {encoded.UnsignedCid}");

    private PoolMessage OfTransaction(Message message, ChainSignature signature)
    {
        EthTransaction transaction;
        try
        {
            transaction = EthTransaction.FromMessage(message, signature, ChainId);
        }
        catch (EthereumException exception)
        {
            throw new RefusedException(exception.Message);
        }

        EthAddress sender = transaction.RecoverSender();
        return sender.ToFilecoin() == message.From
            ? new PoolMessage(transaction.Hash, ChainMessage.Create(message, signature), transaction) { Signature = signature }
            : throw new RefusedException($"the signature is that of {sender}, not of {message.From}");
    }
}
