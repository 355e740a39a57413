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
    private const int FewLinks = 16;

    /// <summary>Reads actors with their states, and what those link to.</summary>
    /// <exception cref="BlockstoreException">The other node failed.</exception>
    public void Read(IReadOnlyList<Address> addresses)
    {
        if (Get(root) is not byte[] top || ReadLink(top, before: 1) is not Cid actors)
        {
            return;
        }

        List<Cid> states = StatesOf(actors, [Address.NewId(ActorId.Init)]);
        List<Address> ids = [.. addresses.Where(static address => address.TryGetId(out _))];
        if (states is [Cid init] && Get(init) is byte[] state && ReadLink(state, before: 0) is Cid map)
        {
            byte[][] keys = [.. addresses.Where(static address => !address.TryGetId(out _)).Select(static address => address.ToBytes())];
            ids.AddRange(Find(map, keys).Select(static value => Address.NewId(new ActorId(ReadNumber(value)))));
        }

        states = StatesOf(actors, ids);
        blocks.Gather(states);
        blocks.Gather([.. states.SelectMany(LinksOf).Distinct()]);
    }

    private static Cid? ReadLink(byte[] tuple, int before)
    {
        CborReader reader = CborReader.Noting(tuple);
        _ = reader.ReadArrayHeader();
        for (int index = 0; index < before; index++)
        {
            reader.Skip();
        }

        Cid link = reader.ReadCid();
        return reader.Fault is null ? link : null;
    }

    private static ulong ReadNumber(byte[] value)
    {
        CborReader reader = CborReader.Noting(value);
        ulong number = reader.ReadUInt();
        return reader.Fault is null ? number : 0;
    }

    private List<Cid> StatesOf(Cid actors, IReadOnlyList<Address> ids) =>
        [.. Find(actors, [.. ids.Select(static id => id.ToBytes())]).Select(static actor => ReadLink(actor, before: 1)).OfType<Cid>().Distinct()];

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

    private IEnumerable<Cid> LinksOf(Cid state)
    {
        Stack<Cid> links = new();
        if (state.Codec == Multicodec.DagCbor && Get(state) is byte[] block)
        {
            StateStore.PushLinks(block, links);
        }

        return links.Count <= FewLinks ? links : [];
    }

    private byte[]? Get(Cid cid) => blocks.Get(in cid);
}
