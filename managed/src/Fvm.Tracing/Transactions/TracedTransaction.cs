using Fvm.Ipld;

namespace Fvm.Tracing;

/// <summary>An applied message with what its forms need.</summary>
public sealed class TracedTransaction
{
    private readonly Cid _after;
    private StateReader? _readerBefore;
    private StateReader? _readerAfter;

    /// <param name="machine">The machine that applied it, whose blockstore has both states.</param>
    /// <param name="message">The message.</param>
    /// <param name="result">Its result, with trace.</param>
    /// <param name="before">The state root before it.</param>
    /// <param name="after">The state root after it.</param>
    /// <exception cref="FatalException">The state is incomplete or malformed.</exception>
    public TracedTransaction(Machine machine, Message message, ApplyRet result, in Cid before, in Cid after)
    {
        Machine = machine;
        StateBefore = before;
        _after = after;
        Message = message;
        Result = result;
        Tree = CallTree.Of(result, ActorNames.Of(machine));
        Outermost = EthFrames.Of(Tree, EthAddress.Find(message.From, machine.StateTree) ?? default);
    }

    /// <summary>The machine that applied it.</summary>
    public Machine Machine { get; }

    /// <summary>The state root before it.</summary>
    public Cid StateBefore { get; }

    public Message Message { get; }

    public ApplyRet Result { get; }

    /// <summary>All calls.</summary>
    public CallTree Tree { get; }

    /// <summary>What Ethereum's tools see of them; null if no actor was reached.</summary>
    public EthFrame? Outermost { get; }

    /// <summary>The block and the transaction's hash; null for a call without one.</summary>
    public TracePlace? Place { get; init; }

    /// <summary>The state before.</summary>
    /// <exception cref="FatalException">It is missing or malformed.</exception>
    public StateReader Before => _readerBefore ??= StateReader.Open(Machine, StateBefore);

    /// <summary>The state after.</summary>
    /// <exception cref="FatalException">It is missing or malformed.</exception>
    public StateReader After => _readerAfter ??= StateReader.Open(Machine, _after);

    /// <summary>The touched accounts.</summary>
    /// <exception cref="FatalException">A state is incomplete or malformed.</exception>
    public IReadOnlyList<AccountChange> Changes() => AccountChanges.Of(Tree, Message.From, Before, After);
}
