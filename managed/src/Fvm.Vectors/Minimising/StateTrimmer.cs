using Fvm.Ipld;

namespace Fvm.Vectors;

/// <summary>Runs vectors to find the blocks of their states that messages need.</summary>
/// <param name="settings">The engine and the bundles. Code caches are not used: what they hold would not be read.</param>
public sealed class StateTrimmer(ReplaySettings settings)
{
    private readonly ReplaySettings _settings = settings with { CodeCache = null };

    /// <summary>The vector with the needed blocks of a state alone, and its results at each variant.</summary>
    /// <param name="vector">The vector; its own blocks are not used.</param>
    /// <param name="state">The blocks of its state.</param>
    /// <exception cref="InputException">A needed block is malformed, or the root is not a CID.</exception>
    public (Vector Vector, IReadOnlyList<VectorResult> Results) Trim(Vector vector, IBlockstore state)
    {
        (IReadOnlySet<Cid> needed, IReadOnlyList<VectorResult> results) = Run(vector, state);
        return (vector with { Car = CarOf(RootOf(vector), needed.Select(cid => new KeyValuePair<Cid, byte[]>(cid, state.Get(cid)!))) }, results);
    }

    /// <summary>The blocks that the messages read, and those that a machine may load before the first message: the actors of the manifest.</summary>
    internal IReadOnlySet<Cid> Needed(Vector vector, IBlockstore state) => Run(vector, state).Needed;

    /// <summary>A CAR file, version 1, with the blocks in the order of their CIDs.</summary>
    internal static byte[] CarOf(Cid root, IEnumerable<KeyValuePair<Cid, byte[]>> blocks)
    {
        KeyValuePair<Cid, byte[]>[] sorted = [.. blocks];
        Array.Sort(sorted, static (left, right) => left.Key.CompareTo(right.Key));
        using MemoryStream file = new();
        using (CarWriter writer = new(file, [root], leaveOpen: true))
        {
            writer.WriteMany(sorted);
        }

        return file.ToArray();
    }

    internal static Cid RootOf(Vector vector) => Cid.TryParse(vector.PreRoot, out Cid root)
        ? root
        : throw new InputException($"preconditions.state_tree.root_cid: '{vector.PreRoot}' is not a CID");

    private (IReadOnlySet<Cid> Needed, IReadOnlyList<VectorResult> Results) Run(Vector vector, IBlockstore state)
    {
        BlockRecorder recorder = new(state);
        List<VectorResult> results = [];

        // Of its own, because what a machine has compiled is not read again.
        using (VectorReplayer replayer = new(_settings))
        {
            foreach (VectorVariant variant in vector.Variants)
            {
                results.Add(replayer.Replay(vector, variant, recorder));
            }
        }

        HashSet<Cid> needed = [.. recorder.Read];
        AddManifest(state, RootOf(vector), needed);
        return (needed, results);
    }

    private static void AddManifest(IBlockstore state, Cid root, HashSet<Cid> needed)
    {
        try
        {
            if (state.Get(root) is not byte[] block || StateRoot.TryDecode(in root, block) is not StateRoot head)
            {
                return;
            }

            LayeredBlockstore store = new(new MemoryBlockstore(), state);
            Cid list = SystemActorState.Load(StateTree.Load(store, root, head.Version)).BuiltinActors;
            if (state.Get(list) is byte[] actors)
            {
                needed.Add(list);
                needed.UnionWith(Manifest.DecodeList(actors).Select(static actor => actor.Code).Where(code => state.Has(code)));
            }
        }
        catch (Exception exception) when (exception is FatalException or CborException or BlockstoreException)
        {
            // A state without a manifest of its own has the bundle's.
        }
    }
}
