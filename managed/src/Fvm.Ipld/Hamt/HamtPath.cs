namespace Fvm.Ipld;

/// <summary>The indices from the root to a pointer, the last one first: a linked list with shared tails.</summary>
internal readonly struct HamtPath
{
    private readonly Step? _last;

    private HamtPath(Step last)
    {
        _last = last;
    }

    /// <summary>The path extended by one level.</summary>
    public HamtPath With(int depth, int index) => new(new Step(depth, index, _last));

    /// <summary>The index at <paramref name="depth"/>.</summary>
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
