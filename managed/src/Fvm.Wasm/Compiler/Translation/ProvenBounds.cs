namespace Fvm.Wasm;

/// <summary>
/// Bounds-check elimination: how many bytes from a local's value on are proven to be in memory, by a check on all paths to this point. Memory
/// never shrinks, so a proof holds until the local is set or control flow merges. Remembers up to <see cref="Size"/> locals.
/// </summary>
internal sealed class ProvenBounds
{
    private const int Size = 8;
    private readonly int[] _locals = new int[Size];
    private readonly ulong[] _extents = new ulong[Size];
    private int _next;
    private bool _isEmpty = true;

    public void Clear()
    {
        if (!_isEmpty)
        {
            Array.Fill(_locals, -1);
            _isEmpty = true;
        }
    }

    /// <summary>Forgets a local that is set.</summary>
    public void Forget(int local)
    {
        if (!_isEmpty && Find(local) is int at and >= 0)
        {
            _locals[at] = -1;
        }
    }

    /// <summary>Whether the first <paramref name="extent"/> bytes from the local's value on are proven to be in memory.</summary>
    public bool Covers(int local, ulong extent) => !_isEmpty && Find(local) is int at and >= 0 && _extents[at] >= extent;

    /// <summary>Records a check.</summary>
    public void Add(int local, ulong extent)
    {
        if (_isEmpty)
        {
            Array.Fill(_locals, -1);
            _isEmpty = false;
        }

        int at = Find(local);
        if (at < 0)
        {
            at = _next;
            _next = (_next + 1) % Size;
        }

        _locals[at] = local;
        _extents[at] = extent;
    }

    private int Find(int local) => Array.IndexOf(_locals, local);
}
