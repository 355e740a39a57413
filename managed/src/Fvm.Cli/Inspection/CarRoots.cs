// What the root of a CAR file stands for.
using Fvm.Ipld;
using Fvm.Vectors;

namespace Fvm.Cli;

/// <summary>Tells what blocks are, and finds actors.</summary>
internal static class CarRoots
{
    /// <summary>The root of a state tree, or null.</summary>
    public static StateRoot? State(byte[] block)
    {
        try
        {
            return StateRoot.Decode(block);
        }
        catch (CborException)
        {
            return null;
        }
    }

    /// <summary>The CID of the list of actors that a bundle's root names, or null.</summary>
    public static Cid? ManifestList(byte[] block)
    {
        try
        {
            return Manifest.DecodeRoot(block).List;
        }
        catch (CborException)
        {
            return null;
        }
    }

    /// <summary>An actor of a state of which only the way to it has to be there; null if there is none.</summary>
    /// <exception cref="InputException">A block on the way is missing or malformed.</exception>
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
