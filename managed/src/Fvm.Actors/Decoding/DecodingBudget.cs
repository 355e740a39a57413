using Fvm.Ipld;

namespace Fvm.Actors;

/// <summary>Bounds the values and the depth of what is decoded: parameters are chosen by whoever sends them.</summary>
internal sealed class DecodingBudget
{
    private const int MaxValues = 100_000;
    private const int MaxDepth = 100;

    private int _values;
    private int _depth;

    /// <exception cref="CborException">There are too many values.</exception>
    public void Take(int offset)
    {
        if (++_values > MaxValues)
        {
            throw new CborException(offset, $"there are more than {MaxValues} values");
        }
    }

    /// <exception cref="CborException">Lists and maps nest too deep.</exception>
    public void Enter(int offset)
    {
        if (++_depth > MaxDepth)
        {
            throw new CborException(offset, $"values nest deeper than {MaxDepth}");
        }
    }

    public void Leave() => _depth--;
}
