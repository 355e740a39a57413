using Fvm.Ipld;

namespace Fvm;

/// <summary>The system actor's state: the CID of the builtin actors' manifest. In CBOR a list of that one CID.</summary>
public sealed record SystemActorState(Cid BuiltinActors)
{
    /// <exception cref="CborException">The bytes are not a system actor's state.</exception>
    public static SystemActorState Decode(ReadOnlySpan<byte> bytes)
    {
        CborReader reader = new(bytes);
        reader.ReadArrayHeader(1);
        Cid builtinActors = reader.ReadCid();
        reader.EnsureEnd();
        return new SystemActorState(builtinActors);
    }

    public byte[] Encode()
    {
        CborWriter writer = new();
        writer.WriteArrayHeader(1);
        writer.WriteCid(BuiltinActors);
        return writer.ToArray();
    }

    /// <summary>Reads it from a state tree.</summary>
    /// <exception cref="FatalException">The system actor is missing, or its state cannot be read.</exception>
    public static SystemActorState Load(StateTree tree)
    {
        ActorState actor = tree.GetActor(ActorId.System)
            ?? throw new FatalException("system actor address could not be resolved");
        byte[] block = StateBlocks.Get(tree.Store, actor.State, "system actor state");
        return StateBlocks.Decode(block, "system actor state", static bytes => Decode(bytes));
    }
}
