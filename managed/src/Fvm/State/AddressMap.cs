using Fvm.Ipld;
using Fvm.Ipld.Blockstore;

namespace Fvm;

/// <summary>The init actor's HAMT of addresses.</summary>
internal static class AddressMap
{
    public static bool TryGet(IBlockstore store, in Cid root, in Address address, out ActorId id) => throw new NotImplementedException();

    public static Cid Put(IBlockstore store, in Cid root, in Address address, ActorId id) => throw new NotImplementedException();
}
