using Fvm.Ipld;

namespace Fvm.Chain;

/// <summary>Recognises builtin actors by their names in a state's manifest.</summary>
internal static class ActorNames
{
    /// <summary>Whether an actor is the builtin one of a name.</summary>
    /// <exception cref="FatalException">The manifest is missing or broken.</exception>
    public static bool Is(StateTree tree, ActorState actor, string name)
    {
        Cid list = SystemActorState.Load(tree).BuiltinActors;
        byte[] bytes = tree.Store.Get(list) ?? throw new ChainException($"the list of builtin actors is missing: {list}");
        foreach ((string known, Cid code) in Manifest.DecodeList(bytes))
        {
            if (code == actor.Code)
            {
                return known == name;
            }
        }

        return false;
    }
}
