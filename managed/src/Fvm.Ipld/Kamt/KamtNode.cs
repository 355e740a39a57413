namespace Fvm.Ipld;

/// <summary>A node of a KAMT: its pointers by index.</summary>
internal sealed class KamtNode
{
    public SortedDictionary<int, KamtPointer> Pointers { get; } = [];
}
