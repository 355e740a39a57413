using System.IO.Compression;
using Fvm.Ipld;
using Fvm.Vectors;

namespace Fvm.Fuzz;

/// <summary>A state that message sequences start from.</summary>
internal sealed class FuzzState
{
    // The manifest's version; others are not in use.
    private const uint ManifestVersion = Manifest.Version;
    private const int MaxActors = 256;

    private byte[]? _car;

    private FuzzState(string? bundle, IBlockstore code, uint networkVersion, Cid root, MemoryBlockstore blocks)
    {
        Bundle = bundle;
        Code = code;
        NetworkVersion = networkVersion;
        Root = root;
        Blocks = blocks;
    }

    /// <summary>The file name of the actors' bundle; null if the state contains their code.</summary>
    public string? Bundle { get; }

    /// <summary>The bundle's blocks.</summary>
    public IBlockstore Code { get; }

    /// <summary>The network version whose actors these are.</summary>
    public uint NetworkVersion { get; }

    public Cid Root { get; }

    public MemoryBlockstore Blocks { get; }

    /// <summary>The actors that can be reached, at most some hundred; empty if the state is partial.</summary>
    public IReadOnlyList<KnownActor> Actors { get; private set; } = [];

    /// <summary>The codes of the manifest.</summary>
    public IReadOnlyList<Cid> Codes { get; private set; } = [];

    public Manifest? Manifest { get; private set; }

    /// <summary>The actors that may send explicit messages.</summary>
    public IReadOnlyList<KnownActor> Senders { get; private set; } = [];

    /// <summary>The version of the builtin actors.</summary>
    public int ActorsVersion => NetworkRules.For(NetworkVersion).ActorsVersion;

    /// <summary>The state as a CAR, compressed.</summary>
    public byte[] Car => _car ??= Pack(Root, Blocks);

    /// <summary>Opens a state.</summary>
    /// <param name="bundle">The file name of the actors' bundle; null if the state contains their code.</param>
    /// <param name="code">The bundle's blocks.</param>
    /// <param name="networkVersion">The network version whose actors these are.</param>
    /// <param name="root">The state tree's root.</param>
    /// <param name="blocks">The state's blocks.</param>
    public static FuzzState Open(string? bundle, IBlockstore code, uint networkVersion, in Cid root, MemoryBlockstore blocks)
    {
        FuzzState state = new(bundle, code, networkVersion, root, blocks);
        try
        {
            state.Survey();
        }
        catch (Exception exception) when (exception is FatalException or BlockstoreException or CborException or HamtException)
        {
            // Recorded states contain the blocks that their messages read: what can be reached is known.
        }

        state.Senders = [.. state.Actors.Where(static actor => actor.MaySend)];
        return state;
    }

    /// <summary>The same state with actors added.</summary>
    /// <param name="added">The actors.</param>
    /// <param name="codes">Their code.</param>
    public FuzzState With(IReadOnlyList<KnownActor> added, IReadOnlyList<byte[]> codes)
    {
        MemoryBlockstore blocks = new();
        blocks.PutMany(Blocks.Snapshot());
        blocks.Put(EmptyState.Cid, EmptyState.Block);
        foreach (byte[] code in codes)
        {
            blocks.Put(Cid.Blake2b256(Multicodec.Raw, code), code);
        }

        StateTree tree = Tree(blocks);
        foreach (KnownActor actor in added)
        {
            tree.SetActor(new ActorId(actor.Id), actor.State);
        }

        return new FuzzState(Bundle, Code, NetworkVersion, tree.Flush(), blocks)
        {
            Actors = [.. Actors, .. added],
            Codes = [.. Codes, .. added.Select(static actor => actor.State.Code)],
            Manifest = Manifest,
            Senders = Senders,
        };
    }

    /// <summary>The place of an address's actor in <see cref="Actors"/>; negative if it is not there.</summary>
    public int IndexOf(in Address address)
    {
        for (int index = 0; index < Actors.Count; index++)
        {
            if (Actors[index].Key == address || (address.TryGetId(out ActorId id) && id.Value == Actors[index].Id))
            {
                return index;
            }
        }

        return -1;
    }

    /// <summary>Packs a state as a vector has it.</summary>
    public static byte[] Pack(in Cid root, MemoryBlockstore blocks)
    {
        using MemoryStream packed = new();
        using (GZipStream gzip = new(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            CarFiles.Write(gzip, root, blocks);
        }

        return packed.ToArray();
    }

    private StateTree Tree(IBlockstore blocks) => StateTree.Load(blocks, Root, NetworkRules.For(NetworkVersion).StateTree);

    private void Survey()
    {
        StateTree tree = Tree(Blocks);
        if (tree.GetActor(ActorId.System) is ActorState system && Blocks.Get(system.State) is byte[] block)
        {
            LayeredBlockstore all = new(new MemoryBlockstore(), Blocks, Code);
            Manifest = Manifest.Load(all, SystemActorState.Decode(block).BuiltinActors, ManifestVersion);
            Codes = Manifest.Codes.ToArray();
        }

        List<KnownActor> actors = [];
        Actors = actors;
        tree.ForEach((id, actor) =>
        {
            if (actors.Count < MaxActors)
            {
                string? name = Manifest?.NameOf(actor.Code);
                actors.Add(new KnownActor(id.Value, name, actor, actor.DelegatedAddress ?? KeyOf(name, actor)));
            }
        });
    }

    // An account's state is its key address.
    private Address? KeyOf(string? name, ActorState actor)
    {
        if (name != "account" || Blocks.Get(actor.State) is not byte[] block)
        {
            return null;
        }

        CborReader reader = new(block);
        reader.ReadArrayHeader(1);
        return Address.TryFromBytes(reader.ReadBytes(), out Address key) ? key : null;
    }
}
