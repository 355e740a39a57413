using Fvm.Ipld;
using Fvm.Protocol.V1;
using Google.Protobuf;

namespace Fvm.Sidecar;

/// <summary>
/// The actors of a state tree from an ID on, in the order of their IDs: the tree is in the order of their hashes, so that each page takes a walk
/// through all of it. Memory is that of the page.
/// </summary>
/// <param name="first">The least ID.</param>
/// <param name="count">How many actors the page has at most.</param>
internal sealed class ActorPage(ulong first, int count) : IHamtVisitor
{
    private const int MaxMissingListed = 1_000;

    // The greatest ID comes first, and makes room for lesser ones. One more than the page has, with which the next one begins.
    private readonly PriorityQueue<(Cid Node, HamtEntry Entry), ulong> _least =
        new(Comparer<ulong>.Create(static (left, right) => right.CompareTo(left)));

    private readonly List<ByteString> _missing = [];
    private ulong _missingCount;

    /// <summary>Reads the page.</summary>
    /// <param name="root">The state's root.</param>
    /// <param name="store">The state's blocks.</param>
    /// <param name="response">Receives actors and missing nodes.</param>
    /// <param name="cancelled">Ends the walk.</param>
    /// <exception cref="CallFault">A node is malformed.</exception>
    /// <exception cref="OperationCanceledException">The walk was cancelled.</exception>
    public void Read(in StateRoot root, IBlockstore store, InspectResponse response, CancellationToken cancelled)
    {
        Hamt.Walk(store, root.Actors, HamtOptions.State, this, cancelled);
        (ulong Id, Cid Node, HamtEntry Entry)[] actors = new (ulong, Cid, HamtEntry)[_least.Count];
        for (int i = actors.Length - 1; i >= 0; i--)
        {
            _least.TryDequeue(out (Cid Node, HamtEntry Entry) actor, out ulong id);
            actors[i] = (id, actor.Node, actor.Entry);
        }

        foreach ((ulong id, Cid node, HamtEntry entry) in actors.Take(count))
        {
            response.Actors.Add(Decode(id, in node, entry.Value.Span, root.Version));
        }

        if (actors.Length > count)
        {
            response.NextActorId = actors[count].Id;
        }

        response.MissingNodes = _missingCount;
        response.MissingNodeCids.AddRange(_missing);
    }

    /// <inheritdoc/>
    public void Entry(in Cid node, in HamtEntry entry)
    {
        if (!Address.TryFromBytes(entry.Key.Span, out Address address) || !address.TryGetId(out ActorId id))
        {
            throw Broken(in node, $"its key {Convert.ToHexStringLower(entry.Key.Span)} is not an ID address");
        }

        if (id.Value < first)
        {
            return;
        }

        if (_least.Count <= count)
        {
            _least.Enqueue((node, entry), id.Value);
        }
        else
        {
            _least.EnqueueDequeue((node, entry), id.Value);
        }
    }

    /// <inheritdoc/>
    public void Missing(in Cid node)
    {
        _missingCount++;
        if (_missing.Count < MaxMissingListed)
        {
            _missing.Add(ToClient.Bytes(in node));
        }
    }

    /// <inheritdoc/>
    public void Malformed(in Cid node, string reason) => throw Broken(in node, reason);

    private static ActorEntry Decode(ulong id, in Cid node, ReadOnlySpan<byte> encoded, StateTreeVersion version)
    {
        ActorState state;
        try
        {
            state = ActorState.Decode(encoded, version);
        }
        catch (CborException e)
        {
            throw Broken(in node, $"actor f0{id}: {e.Message}");
        }

        ActorEntry actor = new()
        {
            ActorId = id,
            Code = ToClient.Bytes(state.Code),
            State = ToClient.Bytes(state.State),
            Sequence = state.Sequence,
            Balance = ToClient.Amount(state.Balance),
        };
        if (state.DelegatedAddress is Address address)
        {
            actor.DelegatedAddress = UnsafeByteOperations.UnsafeWrap(address.ToBytes());
        }

        return actor;
    }

    private static CallFault Broken(in Cid node, string problem) => CallFault.Broken($"node {node} of the state tree: {problem}", node.ToString());
}
