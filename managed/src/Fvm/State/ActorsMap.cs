using Fvm.Ipld;

namespace Fvm;

/// <summary>The HAMT of actors, keyed by the bytes of ID addresses. Every failure is fatal.</summary>
internal sealed class ActorsMap
{
    private static readonly HamtOptions OptionsV4 = HamtOptions.State with
    {
        Values = static (ref reader, canonical) => ActorState.ReadFrom(ref reader, StateTreeVersion.V4).WriteTo(canonical, StateTreeVersion.V4),
        CanonicalLength = HamtValueMeasure.Of<CanonicalActor.FormV4>(),
    };

    private static readonly HamtOptions OptionsV5 = HamtOptions.State with
    {
        Values = static (ref reader, canonical) => ActorState.ReadFrom(ref reader, StateTreeVersion.V5).WriteTo(canonical, StateTreeVersion.V5),
        CanonicalLength = HamtValueMeasure.Of<CanonicalActor.FormV5>(),
    };

    private readonly Hamt _map;
    private readonly StateTreeVersion _version;
    private readonly CborWriter _writer = new(160);

    private ActorsMap(Hamt map, StateTreeVersion version)
    {
        _map = map;
        _version = version;
    }

    public static ActorsMap Create(IBlockstore store, StateTreeVersion version) => new(new Hamt(store, OptionsOf(version)), version);

    public static ActorsMap Load(IBlockstore store, in Cid root, StateTreeVersion version)
    {
        try
        {
            return new ActorsMap(Hamt.Load(store, root, OptionsOf(version)), version);
        }
        catch (Exception e) when (IsBroken(e))
        {
            throw new FatalException("failed to load state tree", e);
        }
    }

    /// <summary>Whether an exception means a broken map or store.</summary>
    public static bool IsBroken(Exception e) => e is HamtException or CborException or BlockstoreException;

    public ActorState? Get(ActorId id)
    {
        Span<byte> key = stackalloc byte[Address.MaxLength];
        key = key[..Address.NewId(id).WriteTo(key)];
        try
        {
            return _map.TryGet(key, out ReadOnlyMemory<byte> value) ? ActorState.Decode(value.Span, _version) : null;
        }
        catch (Exception e) when (IsBroken(e))
        {
            throw new FatalException($"failed to lookup actor {id}", e);
        }
    }

    /// <summary>Asks the memory for where two actors are that are about to be looked up (<see cref="Hamt.Prefetch"/>).</summary>
    /// <param name="first">The first one; null if it is not looked up.</param>
    /// <param name="second">The second one.</param>
    public byte[]? Prefetch(ActorId? first, ActorId second)
    {
        Span<byte> keys = stackalloc byte[2 * Address.MaxLength];
        int length = first is ActorId id ? Address.NewId(id).WriteTo(keys) : 0;
        Span<byte> key = keys[length..];
        return _map.Prefetch(keys[..length], key[..Address.NewId(second).WriteTo(key)]);
    }

    /// <summary>Sets an actor, or removes it if <paramref name="state"/> is null.</summary>
    public void Set(ActorId id, ActorState? state)
    {
        Span<byte> key = stackalloc byte[Address.MaxLength];
        key = key[..Address.NewId(id).WriteTo(key)];
        try
        {
            if (state is null)
            {
                _map.Delete(key);
            }
            else
            {
                _writer.Reset();
                state.WriteTo(_writer, _version);
                _map.Set(key, _writer.ToArray());
            }
        }
        catch (Exception e) when (IsBroken(e) || e is OverflowException)
        {
            throw new FatalException($"failed to write actor {id}", e);
        }
    }

    public Cid Flush()
    {
        try
        {
            return _map.Flush();
        }
        catch (Exception e) when (IsBroken(e))
        {
            throw new FatalException("failed to flush the state tree", e);
        }
    }

    public void ForEach(Action<ActorId, ActorState> visit)
    {
        try
        {
            foreach (HamtEntry entry in _map.Entries())
            {
                if (!Address.TryFromBytes(entry.Key.Span, out Address address) || !address.TryGetId(out ActorId id))
                {
                    throw new FatalException("the state tree has a key that is no ID address");
                }

                visit(id, ActorState.Decode(entry.Value.Span, _version));
            }
        }
        catch (Exception e) when (IsBroken(e))
        {
            throw new FatalException("failed to read the state tree", e);
        }
    }

    private static HamtOptions OptionsOf(StateTreeVersion version) => version == StateTreeVersion.V5 ? OptionsV5 : OptionsV4;
}
