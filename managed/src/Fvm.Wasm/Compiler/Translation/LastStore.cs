namespace Fvm.Wasm;

/// <summary>
/// Store-to-load forwarding: the last stored value, by a local with its address, while it is known. A load of the same bytes takes this value,
/// and avoids some cycles of the processor's own forwarding. Valid until one of the two locals is set, another write to memory is possible, or
/// control flow merges.
/// </summary>
internal sealed class LastStore
{
    private const int None = -1;

    private Operand _value;
    private int _address = None;
    private uint _offset;

    /// <summary>Records a store.</summary>
    /// <param name="address">The local with the address; negative if the address is not in a local.</param>
    /// <param name="offset">The instruction's constant offset.</param>
    /// <param name="size">Size of the store in bytes.</param>
    /// <param name="value">The value. Recorded only if stored in its full width, and if it is a constant or in a local.</param>
    public void Set(int address, uint offset, int size, in Operand value)
    {
        bool lasts = value.Kind is OperandKind.Constant or OperandKind.Local && size == SizeOf(in value);
        _address = lasts ? address : None;
        _offset = offset;
        _value = value;
    }

    /// <summary>Forgets the value.</summary>
    public void Clear() => _address = None;

    /// <summary>Forgets the value if it depends on a local that is set.</summary>
    public void Forget(int local)
    {
        if (_address == local || (_value.Kind == OperandKind.Local && _value.Index == local))
        {
            _address = None;
        }
    }

    /// <summary>Finds the value of a load.</summary>
    /// <param name="address">The local with the address.</param>
    /// <param name="offset">The instruction's constant offset.</param>
    /// <param name="size">Size of the load in bytes; it does not extend.</param>
    /// <param name="value">The value, with the type that was stored.</param>
    public bool TryLoad(int address, uint offset, int size, out Operand value)
    {
        value = _value;
        return address >= 0 && address == _address && offset == _offset && size == SizeOf(in _value);
    }

    private static int SizeOf(in Operand value) => value.IsWide ? sizeof(ulong) : sizeof(uint);
}
