using Fvm.Ipld;

namespace Fvm.Vectors;

/// <summary>Looks up actors of states whose blocks may be missing or malformed.</summary>
public static class ActorLookup
{
    /// <summary>Looks up an actor; needs only the blocks on the path to it. Null if there is none.</summary>
    /// <exception cref="InputException">A block on the path is missing or malformed.</exception>
    public static (ActorId Id, ActorState State)? Find(IBlockstore store, Cid root, StateTreeVersion version, Address address)
    {
        try
        {
            StateTree tree = StateTree.Load(store, root, version);
            return tree.LookupId(address) is ActorId id && tree.GetActor(id) is ActorState state ? (id, state) : null;
        }
        catch (FatalException exception)
        {
            string cause = exception.InnerException is null || exception.Message.Contains(exception.InnerException.Message, StringComparison.Ordinal)
                ? string.Empty
                : $": {exception.InnerException.Message}";
            throw new InputException($"the actor {address} cannot be read from the state {root}: {exception.Message}{cause}", exception);
        }
    }

    /// <summary>The builtin actors' names by code, from the manifest of a state; empty if it cannot be read.</summary>
    public static Dictionary<Cid, string> Names(IBlockstore store, Cid root)
    {
        try
        {
            if (store.Get(root) is not byte[] block || StateRoot.TryDecode(in root, block) is not StateRoot state)
            {
                return [];
            }

            Cid list = SystemActorState.Load(StateTree.Load(store, root, state.Version)).BuiltinActors;
            return store.Get(list) is byte[] actors
                ? Manifest.DecodeList(actors).ToDictionary(static actor => actor.Code, static actor => actor.Name)
                : [];
        }
        catch (Exception exception) when (exception is FatalException or CborException or ArgumentException)
        {
            return [];
        }
    }
}
