using Fvm.Ipld;
using Fvm.Vectors;

namespace Fvm.Cli;

/// <summary>Looks up actors of states whose blocks may be missing or malformed.</summary>
internal static class ActorLookup
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
}
