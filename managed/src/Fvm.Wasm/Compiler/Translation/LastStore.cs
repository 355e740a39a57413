namespace Fvm.Wasm;

/// <summary>
/// Store-to-load forwarding: what was stored last, by an address in a local, where it is still known. A load of the same bytes gives the
/// value, which a processor would have only some cycles later. Holds until one of the two locals is set, anything else may write to
/// memory, or ways meet.
/// </summary>
internal sealed class LastStore
{
    private const int None = -1;

    private Operand _value;
    private int _address = None;
    private uint _offset;

    /// <summary>Notes a store.</summary>
    /// <param name="address">The local with the address; negative where it is in none.</param>
    /// <param name="offset">The instruction's constant offset.</param>
    /// <param name="size">Bytes stored.</param>
    /// <param name="value">The value. It is remembered where all of it was stored, and it is a constant or in a local.</param>
    public void Set(int address, uint offset, int size, in Operand value)
    {
        bool lasts = value.Kind is OperandKind.Constant or OperandKind.Local && size == SizeOf(in value);
        _address = lasts ? address : None;
        _offset = offset;
        _value = value;
    }

    /// <summary>Forgets the value.</summary>
    public void Clear() => _address = None;

    /// <summary>Forgets the value if a local that is set has to do with it.</summary>
    public void Forget(int local)
    {
        if (_address == local || (_value.Kind == OperandKind.Local && _value.Index == local))
        {
            _address = None;
        }
    }

    /// <summary>Finds what a load gives.</summary>
    /// <param name="address">The local with the address.</param>
    /// <param name="offset">The instruction's constant offset.</param>
    /// <param name="size">Bytes loaded, without extension.</param>
    /// <param name="value">The value, of the type that was stored.</param>
    public bool TryLoad(int address, uint offset, int size, out Operand value)
    {
        value = _value;
        return address >= 0 && address == _address && offset == _offset && size == SizeOf(in _value);
    }

    private static int SizeOf(in Operand value) => value.IsWide ? sizeof(ulong) : sizeof(uint);
}
