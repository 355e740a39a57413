namespace Fvm.Wasm;

/// <summary>
/// What instructions do to ranges of memory and table. Sums are of 32-bit numbers in 64 bits; ranges are checked before anything is
/// written.
/// </summary>
internal sealed unsafe partial class InstanceBody
{
    private ulong* Table => (ulong*)_context->Table;

    /// <summary>Writes active segments and runs the start function, as <see cref="IWasmInstance.Initialize"/> does.</summary>
    public TrapCode Initialize()
    {
        WasmModule module = Code.Module;
        for (int i = 0; i < module.Elements.Length; i++)
        {
            ElementSegment segment = module.Elements[i];
            if (segment.Mode == SegmentMode.Active && _image is null)
            {
                TrapCode trap = TableInit(i, (uint)Evaluate(segment.Offset), 0, (uint)segment.Functions.Length);
                if (trap != TrapCode.None)
                {
                    return trap;
                }
            }

            _droppedElements[i] = (byte)(segment.Mode != SegmentMode.Passive ? 1 : 0);
        }

        for (int i = 0; i < module.Data.Length; i++)
        {
            DataSegment segment = module.Data[i];
            if (segment.Mode != SegmentMode.Active)
            {
                continue;
            }

            if (_image is null)
            {
                TrapCode trap = MemoryInit(i, (uint)Evaluate(segment.Offset), 0, (uint)segment.Length);
                if (trap != TrapCode.None)
                {
                    return trap;
                }
            }

            _droppedData[i] = 1;
        }

        return module.StartFunction < 0 ? TrapCode.None : Call(module.StartFunction, stackalloc ulong[1]);
    }

    public TrapCode MemoryInit(int segment, uint to, uint from, uint count)
    {
        DataSegment data = Code.Module.Data[segment];
        ReadOnlySpan<byte> bytes = _droppedData[segment] != 0 ? default : Code.Module.Bytes.Span.Slice(data.Start, data.Length);
        if ((ulong)from + count > (ulong)bytes.Length || !InMemory(to, count))
        {
            return TrapCode.MemoryOutOfBounds;
        }

        bytes.Slice((int)from, (int)count).CopyTo(new Span<byte>(_context->MemoryBase + to, (int)count));
        return TrapCode.None;
    }

    public TrapCode TableInit(int segment, uint to, uint from, uint count)
    {
        ReadOnlySpan<int> functions = _droppedElements[segment] != 0 ? default : Code.Module.Elements[segment].Functions.AsSpan();
        if ((ulong)from + count > (ulong)functions.Length || !InTable(to, count))
        {
            return TrapCode.TableOutOfBounds;
        }

        for (int i = 0; i < (int)count; i++)
        {
            Table[to + i] = ReferenceTo(functions[(int)from + i]);
        }

        return TrapCode.None;
    }

    public TrapCode TableCopy(uint to, uint from, uint count)
    {
        if (!InTable(from, count) || !InTable(to, count))
        {
            return TrapCode.TableOutOfBounds;
        }

        ulong bytes = (ulong)count * sizeof(ulong);
        Buffer.MemoryCopy(Table + from, Table + to, bytes, bytes);
        return TrapCode.None;
    }

    public TrapCode TableFill(uint at, ulong value, uint count)
    {
        if (!InTable(at, count))
        {
            return TrapCode.TableOutOfBounds;
        }

        new Span<ulong>(Table + at, (int)count).Fill(value);
        return TrapCode.None;
    }

    /// <summary>Grows the memory by some pages. Returns the old size in pages, or -1 as an i32.</summary>
    public ulong GrowMemory(uint delta)
    {
        ulong current = _context->MemoryLength / LinearMemory.PageSize;
        ulong desired = current + delta;
        if (delta == 0)
        {
            return current;
        }

        if (!_linked.Resources.AllowsMemory(_limiter, current, desired))
        {
            return InstanceResources.Failed;
        }

        _memory!.Grow(desired * LinearMemory.PageSize);
        _context->MemoryBase = _memory.Base;
        _context->MemoryLength = _memory.Length;
        return current;
    }

    /// <summary>Grows the table by some elements of one value. Returns the old size, or -1 as an i32.</summary>
    public ulong GrowTable(ulong value, uint delta) => _linked.Resources.GrowTable(_context, _limiter, value, delta);

    private bool InMemory(uint at, uint count) => (ulong)at + count <= _context->MemoryLength;

    private bool InTable(uint at, uint count) => (ulong)at + count <= _context->TableLength;
}
