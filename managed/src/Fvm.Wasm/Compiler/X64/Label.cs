namespace Fvm.Wasm;

/// <summary>A place in a function that jumps lead to.</summary>
internal struct Label
{
    private const int Unbound = -1;

    /// <summary>Where it is, once bound.</summary>
    public int Position;

    /// <summary>The last use before it was bound, or -1.</summary>
    public int FirstUse;

    public readonly bool IsBound => Position != Unbound;

    /// <summary>Whether a jump to it was written before it was bound.</summary>
    public readonly bool IsUsed => FirstUse >= 0;

    public static Label Create() => new() { Position = Unbound, FirstUse = -1 };
}
