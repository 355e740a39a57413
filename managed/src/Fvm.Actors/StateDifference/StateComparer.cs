using Fvm.Ipld;

namespace Fvm.Actors;

/// <summary>
/// Compares two states down to the fields. Equal subtrees are skipped by their CIDs; missing and malformed blocks are reported, not fatal.
/// </summary>
/// <param name="before">The first state's blocks.</param>
/// <param name="after">The second state's blocks.</param>
/// <param name="nameOf">Maps a code CID to the builtin actor's name in the manifest; null for other actors.</param>
/// <param name="maxDifferences">The comparison ends after this many.</param>
public sealed class StateComparer(IBlockstore before, IBlockstore after, Func<Cid, string?> nameOf, int maxDifferences)
{
    private const int MaxBlocks = 1_000_000;
    private const int MaxDepth = 100;
    private const int MaxTold = 300;

    private readonly List<StateDifference> _found = [];
    private StateTreeVersion _versionBefore;
    private StateTreeVersion _versionAfter;
    private int _blocks;

    /// <summary>Whether the comparison ended at its limit of differences or blocks.</summary>
    public bool IsTruncated { get; private set; }

    private bool IsFull => IsTruncated |= _found.Count >= maxDifferences || _blocks >= MaxBlocks;

    /// <summary>Compares the states below two roots.</summary>
    public IReadOnlyList<StateDifference> Compare(in Cid rootBefore, in Cid rootAfter)
    {
        if (rootBefore != rootAfter && Load(before, rootBefore, "state root") is byte[] old && Load(after, rootAfter, "state root") is byte[] now)
        {
            try
            {
                StateRoot left = StateRoot.Decode(old);
                StateRoot right = StateRoot.Decode(now);
                (_versionBefore, _versionAfter) = (left.Version, right.Version);
                Leaf("state tree version", $"{(int)left.Version}", $"{(int)right.Version}");
                TrieShape actors = new(TrieKind.Hamt, Primitive.Address, new PrimitiveShape(Primitive.Any), 5);
                CompareTries(string.Empty, actors, left.Actors, right.Actors, CompareActors, 0);
            }
            catch (CborException error)
            {
                Problem("state root", error.Message);
            }
        }

        return _found;
    }

    private void CompareActors(string path, byte[]? old, byte[]? now, int depth)
    {
        ActorState? left = old is null ? null : ActorState.Decode(old, _versionBefore);
        ActorState? right = now is null ? null : ActorState.Decode(now, _versionAfter);
        if (left is null || right is null)
        {
            Leaf(path, left is null ? null : Describe(left), right is null ? null : Describe(right));
            return;
        }

        string name = nameOf(right.Code) is string actor ? $"{path} {PrintableText.Of(actor)}" : path;
        Leaf($"{name}.code", left.Code.ToString(), right.Code.ToString());
        Leaf($"{name}.balance", $"{left.Balance.ToFil()} FIL", $"{right.Balance.ToFil()} FIL");
        Leaf($"{name}.nonce", $"{left.Sequence}", $"{right.Sequence}");
        Leaf($"{name}.delegated_address", left.DelegatedAddress?.ToString(), right.DelegatedAddress?.ToString());
        if (left.State == right.State)
        {
            return;
        }

        if (nameOf(left.Code) is string known && known == nameOf(right.Code)
            && BuiltinActors.Table.Actors.TryGetValue(known, out ActorSchema? schema) && schema.States.Count > 0)
        {
            CompareBlocks($"{name}.state", schema.States[0].Shape, left.State, right.State, depth);
        }
        else
        {
            CompareBlocks($"{name}.state", new PrimitiveShape(Primitive.Any), left.State, right.State, depth);
        }
    }

    private string Describe(ActorState actor) =>
        $"{nameOf(actor.Code) ?? actor.Code.ToString()}, {actor.Balance.ToFil()} FIL, nonce {actor.Sequence}";

    private void CompareBlocks(string path, Shape shape, in Cid old, in Cid now, int depth)
    {
        if (old == now || IsFull)
        {
            return;
        }

        byte[]? left = Load(before, old, path);
        byte[]? right = Load(after, now, path);
        if (left is not null && right is not null)
        {
            CompareValues(path, Decode(shape, left), Decode(shape, right), depth + 1);
        }
    }

    private void CompareValues(string path, NamedValue old, NamedValue now, int depth)
    {
        if (IsFull || depth > MaxDepth)
        {
            return;
        }

        switch (old, now)
        {
            case (TupleValue left, TupleValue right):
                foreach (string field in left.Fields.Select(static part => part.Name).Union(right.Fields.Select(static part => part.Name)))
                {
                    CompareParts($"{path}.{PrintableText.Of(field)}", ValueOf(left, field), ValueOf(right, field), depth);
                }

                break;
            case (ListValue left, ListValue right):
                for (int index = 0; index < Math.Max(left.Items.Count, right.Items.Count) && !IsFull; index++)
                {
                    CompareParts($"{path}[{index}]", left.Items.ElementAtOrDefault(index), right.Items.ElementAtOrDefault(index), depth);
                }

                break;
            case (LinkValue { Shape: TrieShape trie } left, LinkValue { Shape: TrieShape } right):
                CompareTries(path, trie, left.Target, right.Target, (at, a, b, level) => CompareEntries(at, trie.Value, a, b, level), depth);
                break;
            case (LinkValue { Shape: LinkShape link } left, LinkValue { Shape: LinkShape } right):
                CompareBlocks(path, link.Target, left.Target, right.Target, depth);
                break;
            default:
                Leaf(path, old.ToLine(MaxTold), now.ToLine(MaxTold));
                break;
        }
    }

    private void CompareParts(string path, NamedValue? old, NamedValue? now, int depth)
    {
        if (old is null || now is null)
        {
            Leaf(path, old?.ToLine(MaxTold), now?.ToLine(MaxTold));
        }
        else
        {
            CompareValues(path, old, now, depth + 1);
        }
    }

    private void CompareEntries(string path, Shape shape, byte[]? old, byte[]? now, int depth) =>
        CompareParts(path, old is null ? null : Decode(shape, old), now is null ? null : Decode(shape, now), depth);

    // The entries of slots that differ, by key; a pair of links that both lead to nodes is compared node by node.
    private void CompareTries(string path, TrieShape shape, in Cid old, in Cid now, Action<string, byte[]?, byte[]?, int> compare, int depth)
    {
        if (old == now || IsFull)
        {
            return;
        }

        TrieSide left = new(this, before, shape, path);
        TrieSide right = new(this, after, shape, path);
        TrieWalk.Pairs(left.Root(old), right.Root(now), left, right, (key, a, b) =>
        {
            if (!IsFull)
            {
                try
                {
                    compare(path.Length == 0 ? key : $"{path}[{key}]", a, b, depth + 1);
                }
                catch (CborException error)
                {
                    Problem($"{path}[{key}]", error.Message);
                }
            }
        });
    }

    // The newest version whose shape fits; without one, no names.
    private static NamedValue Decode(Shape shape, byte[] block)
    {
        for (int version = BuiltinActors.LastVersion; version >= BuiltinActors.FirstVersion; version--)
        {
            DecodedValue decoded = ShapeDecoder.Decode(shape, version, block);
            if (decoded.Misfit is null)
            {
                return decoded.Value;
            }
        }

        return PlainDecoder.Decode(block);
    }

    private static NamedValue? ValueOf(TupleValue tuple, string field) => tuple.Fields.FirstOrDefault(part => part.Name == field).Value;

    internal byte[]? Load(IBlockstore store, in Cid cid, string path)
    {
        if (IsFull)
        {
            return null;
        }

        _blocks++;
        byte[]? block = store.Get(cid);
        if (block is null)
        {
            Problem(path, $"the block {cid} of the {(ReferenceEquals(store, before) ? "first" : "second")} state is missing");
        }

        return block;
    }

    internal void Problem(string path, string problem) => _found.Add(new StateDifference(path, null, null, problem));

    private void Leaf(string path, string? old, string? now)
    {
        if (old != now)
        {
            _found.Add(new StateDifference(path, old, now, null));
        }
    }
}
