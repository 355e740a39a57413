namespace Fvm.Wasm;

/// <summary>
/// The data and element segments of one instance, and the instructions that copy from them, for all engines: the range checks and their
/// order are consensus. All sums are of 32-bit numbers in 64 bits; ranges are checked before any write.
/// </summary>
// Sound: the flags are FlagBytes bytes of the instance, which outlives this object; segment indices are validated; contents are written only
// after the check against the context's memory and table lengths.
internal sealed unsafe class InstanceSegments
{
    private readonly WasmModule _module;
    private readonly byte* _droppedData;
    private readonly byte* _droppedElements;

    /// <param name="module">The module.</param>
    /// <param name="flags"><see cref="FlagBytes"/> bytes of the instance, all zero: one per data segment, then one per element segment.</param>
    // Sound: the flags belong to the instance, which outlives this object; indices of segments are validated.
    public InstanceSegments(WasmModule module, byte* flags)
    {
        _module = module;
        _droppedData = flags;
        _droppedElements = flags + module.Data.Length;
    }

    /// <summary>Bytes of flags per instance of a module, one per segment: 1 if dropped.</summary>
    public static int FlagBytes(WasmModule module) => module.Data.Length + module.Elements.Length;

    /// <summary>Writes active segments, elements first, and drops them (Wasm, "Instantiation").</summary>
    /// <param name="context">The instance, with its globals initialised.</param>
    /// <param name="isWritten">Whether the contents are already written: segments are then only dropped.</param>
    public TrapCode Initialize(InstanceContext* context, bool isWritten = false)
    {
        for (int i = 0; i < _module.Elements.Length; i++)
        {
            ElementSegment segment = _module.Elements[i];
            if (segment.Mode == SegmentMode.Active && !isWritten)
            {
                TrapCode trap = TableInit(context, i, OffsetOf(context, segment.Offset), 0, (uint)segment.Functions.Length);
                if (trap != TrapCode.None) return trap;
            }

            // Declared segments count as dropped from the start.
            _droppedElements[i] = (byte)(segment.Mode != SegmentMode.Passive ? 1 : 0);
        }

        for (int i = 0; i < _module.Data.Length; i++)
        {
            DataSegment segment = _module.Data[i];
            if (segment.Mode != SegmentMode.Active)
            {
                continue;
            }

            TrapCode trap = isWritten ? TrapCode.None : MemoryInit(context, i, OffsetOf(context, segment.Offset), 0, (uint)segment.Length);
            if (trap != TrapCode.None) return trap;
            _droppedData[i] = 1;
        }

        return TrapCode.None;
    }

    /// <summary>Resets all segments to their state in a new instance.</summary>
    public void Reset() => new Span<byte>(_droppedData, FlagBytes(_module)).Clear();

    public void DropData(int segment) => _droppedData[segment] = 1;

    public void DropElements(int segment) => _droppedElements[segment] = 1;

    /// <summary>Copies part of a data segment into the memory. A dropped segment counts as empty.</summary>
    public TrapCode MemoryInit(InstanceContext* context, int segment, uint to, uint from, uint count)
    {
        DataSegment data = _module.Data[segment];
        ReadOnlySpan<byte> bytes = _droppedData[segment] != 0 ? default : _module.Bytes.Span.Slice(data.Start, data.Length);
        if ((ulong)from + count > (ulong)bytes.Length || (ulong)to + count > context->MemoryLength) return TrapCode.MemoryOutOfBounds;

        bytes.Slice((int)from, (int)count).CopyTo(new Span<byte>(context->MemoryBase + to, (int)count));
        return TrapCode.None;
    }

    /// <summary>Copies part of an element segment into the table. A dropped segment counts as empty.</summary>
    public TrapCode TableInit(InstanceContext* context, int segment, uint to, uint from, uint count)
    {
        ReadOnlySpan<int> functions = _droppedElements[segment] != 0 ? default : _module.Elements[segment].Functions.AsSpan();
        if ((ulong)from + count > (ulong)functions.Length || (ulong)to + count > context->TableLength) return TrapCode.TableOutOfBounds;

        ulong* table = (ulong*)context->Table;
        for (uint i = 0; i < count; i++)
        {
            table[to + i] = FunctionReference.Of(functions[(int)(from + i)]);
        }

        return TrapCode.None;
    }

    // Validation admits i32.const and global.get as offsets.
    private static uint OffsetOf(InstanceContext* context, ConstantExpression offset) =>
        (uint)(offset.Opcode == Opcode.GlobalGet ? context->Globals[offset.Bits] : offset.Bits);
}
