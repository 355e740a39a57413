using Fvm.Ipld;
using Fvm.Ipld.Blockstore;

namespace Fvm;

/// <summary>The HAMT of actors. Keys are the bytes of ID addresses.</summary>
internal sealed class ActorsMap
{
    public static ActorsMap Create(IBlockstore store, StateTreeVersion version) => throw new NotImplementedException();

    public static ActorsMap Load(IBlockstore store, in Cid root, StateTreeVersion version) => throw new NotImplementedException();

    public ActorState? Get(ActorId id) => throw new NotImplementedException();

    public void Set(ActorId id, ActorState? state) => throw new NotImplementedException();

    public Cid Flush() => throw new NotImplementedException();

    public void ForEach(Action<ActorId, ActorState> visit) => throw new NotImplementedException();
}
