using Fvm.Ipld;

namespace Fvm.Chain;

/// <summary>The HAMT of a state's actors.</summary>
internal static class StateActors
{
    /// <summary>Opens the actors of a state, whatever its version.</summary>
    /// <exception cref="ChainException">The state is missing.</exception>
    /// <exception cref="FormatException">It is broken.</exception>
    public static (Hamt Actors, StateTreeVersion Version) Open(IBlockstore store, in Cid root)
    {
        byte[] block = store.Get(root) ?? throw new ChainException($"a state is missing: {root}");
        StateRoot decoded = StateRoot.Decode(block);
        return (Hamt.Load(store, decoded.Actors, HamtOptions.State), decoded.Version);
    }
}
