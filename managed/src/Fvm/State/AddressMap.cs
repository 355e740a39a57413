using Fvm.Ipld;

namespace Fvm;

/// <summary>
/// The init actor's HAMT from address bytes to actor IDs. The most recently used one stays decoded. Every failure is fatal.
/// </summary>
internal sealed class AddressMap(IBlockstore store)
{
    private static readonly HamtOptions Options = HamtOptions.State with
    {
        Values = static (ref reader, canonical) => canonical.WriteUInt(reader.ReadUInt()),
    };

    private Hamt? _map;
    private Cid _root;

    public bool TryGet(in Cid root, in Address address, out ActorId id)
    {
        Span<byte> key = stackalloc byte[Address.MaxLength];
        key = key[..address.WriteTo(key)];
        try
        {
            bool found = Open(root).TryGet(key, out ReadOnlyMemory<byte> value);
            id = found ? Decode(value.Span) : default;
            return found;
        }
        catch (Exception e) when (ActorsMap.IsBroken(e))
        {
            throw new FatalException("failed to read init actor address map", e);
        }
    }

    /// <summary>Adds an address to the map with the given root.</summary>
    /// <returns>The map's new root.</returns>
    public Cid Put(in Cid root, in Address address, ActorId id)
    {
        Span<byte> key = stackalloc byte[Address.MaxLength];
        key = key[..address.WriteTo(key)];
        CborWriter value = new(16);
        value.WriteUInt(id.Value);
        try
        {
            Hamt map = Open(root);

            // Discarded first: a map whose update fails has no valid root.
            _map = null;
            map.Set(key, value.ToArray());
            _root = map.Flush();
            _map = map;
            return _root;
        }
        catch (Exception e) when (ActorsMap.IsBroken(e))
        {
            throw new FatalException("failed to write init actor address map", e);
        }
    }

    private static ActorId Decode(ReadOnlySpan<byte> value)
    {
        CborReader reader = new(value);
        ActorId id = new(reader.ReadUInt());
        reader.EnsureEnd();
        return id;
    }

    private Hamt Open(in Cid root)
    {
        if (_map is null || _root != root)
        {
            _map = null;
            _map = Hamt.Load(store, root, Options);
            _root = root;
        }

        return _map;
    }
}
