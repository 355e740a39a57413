// The way from the root to a place in the trie.
namespace Fvm.Ipld;

/// <summary>The indices that lead from the root to a pointer, the last one first: a list that shares its tail.</summary>
internal readonly struct HamtPath
{
    private readonly Step? _last;

    private HamtPath(Step last)
    {
        _last = last;
    }

    /// <summary>The path one level further down.</summary>
    public HamtPath With(int depth, int index) => new(new Step(depth, index, _last));

    /// <summary>The index that was taken at <paramref name="depth"/>.</summary>
    public int At(int depth)
    {
        Step? step = _last;
        while (step is not null && step.Depth != depth)
        {
            step = step.Above;
        }

        return step?.Index ?? -1;
    }

    private sealed record Step(int Depth, int Index, Step? Above);
}
