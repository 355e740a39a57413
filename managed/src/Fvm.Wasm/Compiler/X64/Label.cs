namespace Fvm.Wasm;

/// <summary>A jump target within a function.</summary>
internal struct Label
{
    private const int Unbound = -1;

    /// <summary>Byte offset in the function, once bound.</summary>
    public int Position;

    /// <summary>The most recent forward use, head of their list, or -1.</summary>
    public int LastUse;

    public readonly bool IsBound => Position != Unbound;

    /// <summary>Whether the label has forward uses.</summary>
    public readonly bool IsUsed => LastUse >= 0;

    public static Label Create() => new() { Position = Unbound, LastUse = -1 };
}
