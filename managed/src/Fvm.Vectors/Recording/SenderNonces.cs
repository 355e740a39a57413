using Fvm.Ipld;

namespace Fvm.Vectors;

/// <summary>Default nonces: counts up from each sender's nonce in a state, or from zero for a sender not in the state.</summary>
/// <param name="state">The state; its first root is the state root.</param>
/// <param name="networkVersion">The network version whose state tree it is.</param>
internal sealed class SenderNonces(CarStore state, uint networkVersion)
{
    private readonly Dictionary<Address, ulong> _next = [];
    private StateTree? _tree;

    /// <summary>The nonce of the sender's next message.</summary>
    /// <exception cref="InputException">A block of the state on the path to the sender is missing or malformed.</exception>
    public ulong Current(in Address sender)
    {
        try
        {
            _tree ??= StateTree.Load(
                new LayeredBlockstore(new MemoryBlockstore(), state), state.Roots[0], NetworkRules.For(networkVersion).StateTree);
            ActorId? id = _tree.LookupId(sender);
            Address key = id is ActorId known ? Address.NewId(known) : sender;
            return _next.TryGetValue(key, out ulong next) ? next : id is ActorId actor ? _tree.GetActor(actor)?.Sequence ?? 0 : 0;
        }
        catch (NotSupportedException exception)
        {
            throw new InputException($"nv: unknown network version {networkVersion}", exception);
        }
        catch (Exception exception) when (exception is FatalException or BlockstoreException)
        {
            string cause = exception.InnerException is null ? string.Empty : $": {exception.InnerException.Message}";
            throw new InputException($"the nonce of {sender} cannot be read from the state: {exception.Message}{cause}", exception);
        }
    }

    /// <summary>The nonce of the sender's next message; advances it.</summary>
    /// <exception cref="InputException">As <see cref="Current"/>.</exception>
    public ulong Next(in Address sender)
    {
        ulong nonce = Current(sender);
        Address key = _tree!.LookupId(sender) is ActorId id ? Address.NewId(id) : sender;
        _next[key] = nonce + 1;
        return nonce;
    }
}
