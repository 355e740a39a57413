using Fvm.Ipld;

namespace Fvm.Sidecar;

/// <summary>
/// Ways through a state to actors, block by block. A walk names the block that it needs next, and goes on if that is here by then. Several walks
/// together need one round trip per level of the tree, where look-ups one after another need one per block.
/// </summary>
/// <param name="blocks">Blocks that are here.</param>
/// <param name="root">The state's root.</param>
internal sealed class StateWalks(IBlockView blocks, Cid root)
{
    private Cid? _addresses;

    /// <summary>The way to an actor.</summary>
    /// <param name="id">The actor.</param>
    /// <param name="kind">Why its path will be wanted.</param>
    /// <param name="runs">Whether it will run, and read its state.</param>
    public IEnumerable<WalkStep> ToActor(ActorId id, GuessKind kind, bool runs)
    {
        yield return new WalkStep(root, kind);
        if (!blocks.TryPeek(in root, out byte[]? top) || StateSteps.ActorsOf(top) is not Cid actors)
        {
            yield break;
        }

        Found found = new();
        foreach (WalkStep step in Along(actors, Address.NewId(id).ToBytes(), kind, found))
        {
            yield return step;
        }

        if (found.Value is null || StateSteps.StateOf(found.Value) is not Cid state || state == EmptyState.Cid)
        {
            yield break;
        }

        // The key of an account is asked for even if it does not run.
        yield return new WalkStep(state, GuessKind.State, IsLast: !runs);
        if (runs && blocks.TryPeek(in state, out byte[]? block))
        {
            foreach (Cid link in FewLinks.Of(in state, block))
            {
                yield return new WalkStep(link, GuessKind.State, IsLast: true);
            }
        }
    }

    /// <summary>The way to the actor of an address, through the init actor's map if it has no ID address.</summary>
    public IEnumerable<WalkStep> ToAddress(Address address, GuessKind kind, bool runs)
    {
        if (!address.TryGetId(out ActorId id))
        {
            if (_addresses is null)
            {
                foreach (WalkStep step in ToAddressMap(kind))
                {
                    yield return step;
                }
            }

            Found found = new();
            foreach (WalkStep step in _addresses is Cid map ? Along(map, address.ToBytes(), kind, found) : [])
            {
                yield return step;
            }

            if (found.Value is null || StateSteps.IdOf(found.Value) is not ActorId known)
            {
                yield break;
            }

            id = known;
        }

        foreach (WalkStep step in ToActor(id, kind, runs))
        {
            yield return step;
        }
    }

    private IEnumerable<WalkStep> ToAddressMap(GuessKind kind)
    {
        foreach (WalkStep step in ToActor(ActorId.Init, kind, runs: true))
        {
            if (step is { IsLast: true, Kind: GuessKind.State })
            {
                // The state's only link.
                _addresses = step.Cid;
                yield break;
            }

            yield return step;
        }
    }

    // Down a HAMT.
    private IEnumerable<WalkStep> Along(Cid node, byte[] key, GuessKind kind, Found found)
    {
        for (int depth = 0; ; depth++)
        {
            yield return new WalkStep(node, kind);
            if (!blocks.TryPeek(in node, out byte[]? block))
            {
                yield break;
            }

            HamtStep step = HamtSteps.Find(block, HamtOptions.State, key, depth, out Cid below, out ReadOnlySpan<byte> value);
            if (step != HamtStep.Link)
            {
                found.Value = step == HamtStep.Value ? value.ToArray() : null;
                yield break;
            }

            // Of a small node other messages will want the rest.
            foreach (Cid link in FewLinks.Of(in node, block))
            {
                if (link != below)
                {
                    yield return new WalkStep(link, GuessKind.Sibling, IsLast: true);
                }
            }

            node = below;
        }
    }

    private sealed class Found
    {
        public byte[]? Value { get; set; }
    }
}
