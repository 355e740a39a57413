using Fvm.Chain;
using Fvm.Ipld;

namespace Fvm.Node;

/// <summary>
/// Reads what the first blocks of a fork need of many actors into the caches: all of them together, level by level of the maps, where look-ups one
/// after another would need a round trip per block.
/// </summary>
/// <param name="blocks">The blocks of the other node.</param>
/// <param name="root">The state's root.</param>
internal sealed class UpstreamActors(ChainBlocks blocks, Cid root)
{
    // Of a wide node, such as one of the market's deals, nobody knows which links are wanted.
    private const int MostLinks = 16;

    /// <summary>Reads actors with their states, and what those link to.</summary>
    /// <exception cref="BlockstoreException">The other node failed.</exception>
    public void Read(IReadOnlyList<Address> addresses)
    {
        if (Get(root) is not byte[] top || StateSteps.ActorsOf(top) is not Cid actors)
        {
            return;
        }

        List<Cid> states = StatesOf(actors, [Address.NewId(ActorId.Init)]);
        List<Address> ids = [.. addresses.Where(static address => address.TryGetId(out _))];
        if (states is [Cid init] && Get(init) is byte[] state && FewLinks.Of(in init, state) is [Cid map])
        {
            byte[][] keys = [.. addresses.Where(static address => !address.TryGetId(out _)).Select(static address => address.ToBytes())];
            ids.AddRange(Find(map, keys).Select(static entry => StateSteps.IdOf(entry)).OfType<ActorId>().Select(static id => Address.NewId(id)));
        }

        states = StatesOf(actors, ids);
        blocks.Gather(states);
        blocks.Gather([.. states.SelectMany(LinksOf).Distinct()]);
    }

    private List<Cid> StatesOf(Cid actors, IReadOnlyList<Address> ids) =>
        [.. Find(actors, [.. ids.Select(static id => id.ToBytes())]).Select(static actor => StateSteps.StateOf(actor)).OfType<Cid>().Distinct()];

    // The values of keys in a HAMT, as far as they are there.
    private List<byte[]> Find(Cid map, IReadOnlyList<byte[]> keys)
    {
        List<byte[]> found = [];
        List<(byte[] Key, Cid Node)> open = [.. keys.Select(key => (key, map))];
        for (int depth = 0; open.Count > 0; depth++)
        {
            blocks.Gather([.. open.Select(static way => way.Node).Distinct()]);
            List<(byte[] Key, Cid Node)> next = [];
            foreach ((byte[] key, Cid node) in open)
            {
                if (Get(node) is not byte[] block)
                {
                    continue;
                }

                switch (HamtSteps.Find(block, HamtOptions.State, key, depth, out Cid below, out ReadOnlySpan<byte> value))
                {
                    case HamtStep.Link:
                        next.Add((key, below));
                        break;
                    case HamtStep.Value:
                        found.Add(value.ToArray());
                        break;
                    default:
                        break;
                }
            }

            open = next;
        }

        return found;
    }

    private IEnumerable<Cid> LinksOf(Cid state) => Get(state) is byte[] block ? FewLinks.Of(in state, block, MostLinks) : [];

    private byte[]? Get(Cid cid) => blocks.Get(in cid);
}
