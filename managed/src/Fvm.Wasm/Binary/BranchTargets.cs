namespace Fvm.Wasm;

/// <summary>The labels of a <c>br_table</c>, the default one last.</summary>
public ref struct BranchTargets
{
    private ByteReader _reader;
    private uint _left;

    internal BranchTargets(ByteReader reader, uint count)
    {
        _reader = reader;
        _left = count;
    }

    /// <summary>The current label.</summary>
    public uint Current { get; private set; }

    /// <summary>Whether <see cref="Current"/> is the default label.</summary>
    public readonly bool IsDefault => _left == 0;

    public readonly BranchTargets GetEnumerator() => this;

    public bool MoveNext()
    {
        if (_left == 0)
        {
            return false;
        }

        _left--;
        Current = _reader.ReadU32();
        return true;
    }
}
