using Fvm.Wasm;

namespace Fvm.Wasmtime;

// Sound: handles belong to the store, and the context is set from what they say.
internal sealed unsafe partial class WasmtimeInstance
{
    /// <summary>
    /// Sets the context's memory after growth. False if the memory has not grown although it was allowed to: the system has no room.
    /// </summary>
    public static bool TryUpdateMemory(WasmtimeFunctions* functions, nint store, InstanceState* state)
    {
        state->HasGrown = false;
        if (functions->MemoryDataSize(store, &state->Memory) == state->Context->MemoryLength)
        {
            state->Context->MemoryBase = functions->MemoryData(store, &state->Memory);
            return true;
        }

        HostCalls.InstanceOf(state).Fault = new OutOfMemoryException("no memory for the growth of an instance");
        return false;
    }

    /// <summary>Whether the memory may grow by some pages.</summary>
    public bool MayGrowMemory(uint delta)
    {
        ulong current = _context->MemoryLength / LinearMemory.PageSize;
        ulong desired = current + delta;
        if (delta == 0)
        {
            return true;
        }

        // What the limiter grants counts as used even where the instance's own bound then refuses, as in the reference.
        InstanceResources resources = _linked.Resources;
        if (desired > (resources.Memory?.Maximum ?? uint.MaxValue) ||
            !_limiter.TryGrowMemory(current * LinearMemory.PageSize, desired * LinearMemory.PageSize) ||
            desired > resources.Most.InstancePages)
        {
            return false;
        }

        _context->MemoryLength = desired * LinearMemory.PageSize;
        _state->HasGrown = true;
        return true;
    }

    /// <summary>Whether the table may grow by some elements.</summary>
    public bool MayGrowTable(uint delta)
    {
        ulong current = _context->TableLength;
        ulong desired = current + delta;
        InstanceResources resources = _linked.Resources;
        if (delta == 0)
        {
            return true;
        }

        if (desired > Math.Min(resources.Table?.Maximum ?? uint.MaxValue, resources.Most.InstanceElements) ||
            !_limiter.TryGrowTable(current, desired))
        {
            return false;
        }

        _context->TableLength = (uint)desired;
        return true;
    }

    private ExternHandle Export(int position)
    {
        ExternHandle export;
        byte* name;
        nuint length;
        InstanceHandle instance = _instance;
        return _functions->InstanceExport(_store, &instance, (nuint)position, &name, &length, &export) != 0
            ? export
            : throw new InvalidOperationException($"Wasmtime: there is no export {position}");
    }

    private void FindExports()
    {
        ExportPositions exports = _linked.Compiled.Exports;
        if (_state->IsMetered)
        {
            _state->Gas = Export(exports.Gas).Global;
            _height = Export(exports.Height).Global;
        }

        if (exports.Memory != ExportPositions.None)
        {
            _state->Memory = Export(exports.Memory).Memory;
            _context->MemoryBase = _functions->MemoryData(_store, &_state->Memory);
        }

        ObserveGlobals();
    }

    /// <summary>Sets the context after a call.</summary>
    private void Observe()
    {
        if (_state->IsMetered)
        {
            GlobalHandle height = _height;
            Value value;
            _functions->GlobalGet(_store, &height, &value);
            _context->StackHeight = (int)value.Bits;
            _context->GasLeft = HostCalls.GasOf(_functions, _store, _state);
        }

        if (_state->HasGrown)
        {
            TryUpdateMemory(_functions, _store, _state);
        }

        ObserveGlobals();
    }

    private void ObserveGlobals()
    {
        int first = _linked.Compiled.Exports.Globals;
        if (first == ExportPositions.None)
        {
            return;
        }

        for (int i = 0; i < _linked.Code.Module.Globals.Length; i++)
        {
            ValueKind kind = _linked.Code.Module.Globals[i].Type.Type;
            if (kind != ValueKind.FuncRef)
            {
                GlobalHandle global = Export(first + i).Global;
                Value value;
                _functions->GlobalGet(_store, &global, &value);
                _context->Globals[i] = kind is ValueKind.I32 or ValueKind.F32 ? (uint)value.Bits : value.Bits;
            }
        }
    }
}
