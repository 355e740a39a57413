using Fvm.Ipld;

namespace Fvm.Chain;

/// <summary>
/// Chooses the messages of a tipset that run: of each sender those with ascending nonces, from the first that a block has on, each once (Lotus:
/// <c>chain/store/messages.go</c>).
/// </summary>
internal sealed class MessageSelection(StateTree tree, bool resolvesSenders)
{
    private readonly Dictionary<Address, ulong> _next = [];
    private bool _byId;

    /// <summary>The blocks of a tipset with their messages.</summary>
    /// <param name="reader">The chain.</param>
    /// <param name="network">The network.</param>
    /// <param name="tipset">The tipset.</param>
    public static IReadOnlyList<BlockMessages> Of(ChainReader reader, NetworkParameters network, Tipset tipset)
    {
        HashSet<Cid> seen = [];
        MessageSelection selection = new(reader.OpenState(tipset.First.ParentState), tipset.Epoch.Value >= network.Hyperdrive);
        return
        [
            .. tipset.Blocks.Select(block =>
                new BlockMessages(block, [.. reader.MessagesOf(block).Where(Runs)])),
        ];

        // A message with the right nonce may be there twice, in blocks that name its sender differently.
        bool Runs(ChainMessage message) => selection.Takes(message.Message) && seen.Add(message.UnsignedCid);
    }

    private bool Takes(Message message)
    {
        Address sender = SenderOf(message.From);
        _next.TryAdd(sender, message.Sequence);
        if (_next[sender] != message.Sequence)
        {
            return false;
        }

        _next[sender]++;
        return true;
    }

    // Addresses are compared as they are, until a sender is given by its ID.
    private Address SenderOf(in Address from)
    {
        if (!resolvesSenders || (!_byId && from.Protocol != AddressProtocol.Id))
        {
            return from;
        }

        if (!_byId)
        {
            _byId = true;
            foreach ((Address robust, ulong next) in _next.ToArray())
            {
                _next[Resolve(robust)] = next;
            }
        }

        return Resolve(from);
    }

    private Address Resolve(in Address address) => tree.TryLookupId(address, out ActorId id)
        ? Address.NewId(id)
        : throw new ChainException($"the sender {address} of a message is not in the state");
}
