namespace Fvm.Wasm;

internal sealed unsafe partial class InterpreterInstance
{
    /// <inheritdoc/>
    public TrapCode Initialize()
    {
        WasmModule module = Code.Module;
        for (int i = 0; i < module.Elements.Length; i++)
        {
            ElementSegment segment = module.Elements[i];
            if (segment.Mode == SegmentMode.Active)
            {
                uint to = (uint)Evaluate(segment.Offset);
                TrapCode trap = BulkOperations.TableInit(this, i, to, 0, (ulong)segment.Functions.Length);
                if (trap != TrapCode.None)
                {
                    return trap;
                }
            }

            _droppedElements[i] = segment.Mode != SegmentMode.Passive;
        }

        for (int i = 0; i < module.Data.Length; i++)
        {
            DataSegment segment = module.Data[i];
            if (segment.Mode == SegmentMode.Active)
            {
                TrapCode trap = BulkOperations.MemoryInit(this, i, (uint)Evaluate(segment.Offset), 0, (ulong)segment.Length);
                if (trap != TrapCode.None)
                {
                    return trap;
                }

                _droppedData[i] = true;
            }
        }

        return module.StartFunction < 0 ? TrapCode.None : Call(module.StartFunction, stackalloc ulong[1]);
    }

    /// <summary>A data segment's bytes: none once it is dropped.</summary>
    public ReadOnlySpan<byte> DataOf(int segment)
    {
        DataSegment data = Code.Module.Data[segment];
        return _droppedData[segment] ? default : Code.Module.Bytes.Span.Slice(data.Start, data.Length);
    }

    /// <summary>An element segment's functions: none once it is dropped.</summary>
    public ReadOnlySpan<int> ElementsOf(int segment) => _droppedElements[segment] ? default : Code.Module.Elements[segment].Functions.AsSpan();

    public void DropData(int segment) => _droppedData[segment] = true;

    public void DropElements(int segment) => _droppedElements[segment] = true;

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

        _memory!.Grow(desired);
        _context->MemoryBase = _memory.Base;
        _context->MemoryLength = _memory.Length;
        return current;
    }

    /// <summary>Grows the table by some elements of one value. Returns the old size, or -1 as an i32.</summary>
    public ulong GrowTable(ulong value, uint delta) => _linked.Resources.GrowTable(_context, _limiter, value, delta);
}
