namespace Fvm.Wasm;

/// <summary>A jump target within a function.</summary>
internal struct Label
{
    private const int Unbound = -1;

    /// <summary>Byte offset in the function, once bound.</summary>
    public int Position;

    /// <summary>Head of the list of forward uses: the most recent one, or -1.</summary>
    public int FirstUse;

    public readonly bool IsBound => Position != Unbound;

    /// <summary>Whether the label has forward uses.</summary>
    public readonly bool IsUsed => FirstUse >= 0;

    public static Label Create() => new() { Position = Unbound, FirstUse = -1 };
}
