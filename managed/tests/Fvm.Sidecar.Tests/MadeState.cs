using Fvm.Ipld;
using Google.Protobuf;

namespace Fvm.Sidecar.Tests;

/// <summary>Blocks made for a test: state trees, HAMT nodes, CAR files.</summary>
internal static class MadeState
{
    private static readonly Cid Code = Cid.Blake2b256(Multicodec.Raw, [1]);

    /// <summary>A state tree with actors of IDs 100, 103, 106, and so on.</summary>
    public static Cid Tree(MemoryBlockstore store, int actors)
    {
        StateTree tree = StateTree.Create(store, StateTreeVersion.V5);
        for (int i = 0; i < actors; i++)
        {
            tree.SetActor(IdOf(i), ActorOf(i));
        }

        return tree.Flush();
    }

    public static ActorId IdOf(int index) => new(100UL + (3UL * (ulong)index));

    public static ActorState ActorOf(int index) => ActorState.NewEmpty(
        in Code, index % 2 == 0 ? null : Address.NewDelegated(new ActorId(10), BitConverter.GetBytes(index))) with
    {
        Sequence = (ulong)index,
    };

    /// <summary>The root of a state tree whose actors' HAMT has the given root.</summary>
    public static Cid RootOf(MemoryBlockstore store, in Cid actors) => Put(store, new StateRoot(StateTreeVersion.V5, actors, EmptyInfo(store)).Encode());

    /// <summary>A node of a HAMT with links in its first places.</summary>
    public static Cid Node(MemoryBlockstore store, params Cid[] links)
    {
        CborWriter writer = new();
        writer.WriteArrayHeader(2);
        uint bits = links.Length == 32 ? uint.MaxValue : (1u << links.Length) - 1;
        byte[] bitmap = [.. BitConverter.GetBytes(bits).Reverse().SkipWhile(static bit => bit == 0)];
        writer.WriteBytes(bitmap);
        writer.WriteArrayHeader(links.Length);
        foreach (Cid link in links)
        {
            writer.WriteCid(in link);
        }

        return Put(store, writer.ToArray());
    }

    /// <summary>The CID of a block that nobody has.</summary>
    public static Cid Nowhere(int number) => Cid.Blake2b256(Multicodec.DagCbor, BitConverter.GetBytes(number));

    public static Cid Put(MemoryBlockstore store, byte[] block)
    {
        Cid cid = Cid.Blake2b256(Multicodec.DagCbor, block);
        store.Put(in cid, block);
        return cid;
    }

    /// <summary>A CAR file of blocks.</summary>
    public static ByteString Car(IEnumerable<KeyValuePair<Cid, byte[]>> blocks, bool pack = false)
    {
        MemoryStream file = new();
        using (CarWriter writer = new(file, [], pack, leaveOpen: true))
        {
            writer.WriteMany(blocks);
        }

        return ByteString.CopyFrom(file.ToArray());
    }

    private static Cid EmptyInfo(MemoryBlockstore store) => Put(store, [0x80]);
}
