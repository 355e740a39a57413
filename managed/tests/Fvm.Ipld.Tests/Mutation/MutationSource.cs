namespace Fvm.Ipld.Tests;

using Amt = Fvm.Ipld.Amt;
using Hamt = Fvm.Ipld.Hamt;

/// <summary>The blocks of a map or a list of a hundred values, one of which can be replaced by a mutation under its old CID.</summary>
internal sealed class MutationSource
{
    private const int ValueCount = 100;
    private readonly MemoryBlockstore _store;
    private readonly Dictionary<byte[], Cid> _names = new(ReferenceEqualityComparer.Instance);

    private MutationSource(MemoryBlockstore store, in Cid root)
    {
        _store = store;
        Root = root;
        KeyValuePair<Cid, byte[]>[] blocks = store.Snapshot();
        Array.Sort(blocks, static (left, right) => left.Key.CompareTo(right.Key));
        Blocks = Array.ConvertAll(blocks, static block => block.Value);
        foreach (KeyValuePair<Cid, byte[]> block in blocks)
        {
            _names[block.Value] = block.Key;
        }
    }

    public Cid Root { get; }

    public byte[][] Blocks { get; }

    public static MutationSource Map(HamtVersion version)
    {
        MemoryBlockstore store = new();
        Hamt map = new(store, new HamtOptions { Version = version });
        for (int index = 0; index < ValueCount; index++)
        {
            map.Set(Encode.Key(index), Value(index));
        }

        return new MutationSource(store, map.Flush());
    }

    public static MutationSource List()
    {
        MemoryBlockstore store = new();
        IEnumerable<ReadOnlyMemory<byte>> values = Enumerable.Range(0, ValueCount).Select(static index => (ReadOnlyMemory<byte>)Value(index));
        return new MutationSource(store, Amt.Build(store, 3, values));
    }

    /// <summary>Some blocks of real state, if present.</summary>
    public static byte[][] Recorded() => Repository.FindShared("vectors") is null
        ? []
        : RecordedVectors.Car(RecordedVectors.Read("nv28", "sends").First()).Blocks
            .OrderBy(static block => block.Key)
            .Select(static block => block.Value)
            .Where(static block => block.Length < 10_000)
            .ToArray();

    /// <summary>The blocks, with the mutation in place of its source.</summary>
    public IBlockstore Disturb(byte[] source, byte[] disturbed)
    {
        MemoryBlockstore upper = new();
        Cid name = _names[source];
        upper.Put(in name, disturbed);
        return new LayeredBlockstore(upper, _store);
    }

    /// <summary>The same in a store whose readers share what they find out.</summary>
    public SharingBlockstore DisturbShared(byte[] source, byte[] disturbed)
    {
        SharingBlockstore sharing = new();
        sharing.Put(_names[source], disturbed);
        sharing.PutMany(_store.Snapshot());
        return sharing;
    }

    private static byte[] Value(int index) => Encode.With(writer =>
    {
        writer.WriteArrayHeader(3);
        writer.WriteCid(Cid.Blake2b256(Multicodec.Raw, Encode.Key(index)));
        writer.WriteText("text");
        writer.WriteInt(-index * 1000);
    });
}
