namespace Fvm.Ipld;

/// <summary>A node: its bitmap, and its pointers in bit order.</summary>
internal sealed class HamtNode
{
    private HamtBitmap _bitmap;

    public HamtNode()
    {
        Pointers = [];
    }

    public HamtNode(HamtBitmap bitmap, List<HamtPointer> pointers)
    {
        _bitmap = bitmap;
        Pointers = pointers;
    }

    public List<HamtPointer> Pointers { get; }

    public HamtBitmap Bitmap => _bitmap;

    /// <summary>The pointer at <paramref name="index"/>, or null.</summary>
    public HamtPointer? Find(int index) => _bitmap.Has(index) ? Pointers[_bitmap.RankOf(index)] : null;

    public void Insert(int index, HamtPointer pointer)
    {
        Pointers.Insert(_bitmap.RankOf(index), pointer);
        _bitmap.Set(index);
    }

    public void Remove(int index)
    {
        Pointers.RemoveAt(_bitmap.RankOf(index));
        _bitmap.Clear(index);
    }
}
