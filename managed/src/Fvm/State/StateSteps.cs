using Fvm.Ipld;

namespace Fvm;

/// <summary>
/// Follows a state from block to block, for callers that fetch the blocks themselves (<see cref="HamtSteps"/>). Checks no more of a block than the
/// way; malformed ones lead nowhere.
/// </summary>
public static class StateSteps
{
    /// <summary>The map of actors, of a state's root block; null if it is malformed.</summary>
    public static Cid? ActorsOf(ReadOnlySpan<byte> root)
    {
        CborReader reader = CborReader.Noting(root);
        reader.ReadArrayHeader(3);
        _ = reader.ReadUInt();
        Cid actors = reader.ReadCid();
        return reader.Fault is null ? actors : null;
    }

    /// <summary>The state, of an actor in the map; null if it is malformed.</summary>
    public static Cid? StateOf(ReadOnlySpan<byte> actor)
    {
        CborReader reader = CborReader.Noting(actor);
        _ = reader.ReadArrayHeader();
        _ = reader.ReadCid();
        Cid state = reader.ReadCid();
        return reader.Fault is null ? state : null;
    }

    /// <summary>The ID, of an entry in the map of addresses; null if it is malformed.</summary>
    public static ActorId? IdOf(ReadOnlySpan<byte> entry)
    {
        CborReader reader = CborReader.Noting(entry);
        ulong id = reader.ReadUInt();
        return reader.Fault is null ? new ActorId(id) : null;
    }
}
