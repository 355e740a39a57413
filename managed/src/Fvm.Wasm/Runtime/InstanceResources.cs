using System.Runtime.InteropServices;

namespace Fvm.Wasm;

/// <summary>Initial size and growth of an instance's memory and table, for all engines: the results are consensus.</summary>
/// <param name="Memory">The memory's limits; null without a memory.</param>
/// <param name="Table">The table's limits; null without a table.</param>
/// <param name="Most">Limits of any instance.</param>
internal sealed record InstanceResources(Limits? Memory, Limits? Table, ModuleLimits Most)
{
    /// <summary>The failure result of <c>memory.grow</c> and <c>table.grow</c>: -1 as an i32.</summary>
    public const ulong Failed = uint.MaxValue;

    public static InstanceResources Of(WasmModule module, ImportedState imported) => new(
        imported.Memory ?? (module.Memories.IsEmpty ? null : module.Memories[0]),
        imported.Table ?? (module.Tables.IsEmpty ? null : module.Tables[0]),
        module.Limits);

    /// <summary>Whether limits and limiter allow the initial memory and table.</summary>
    public bool AllowsInitial(IResourceLimiter limiter, out string? failure)
    {
        if (Memory is { Minimum: uint pages } &&
            (pages > Most.InstancePages || !limiter.TryGrowMemory(0, pages * LinearMemory.PageSize)))
        {
            failure = $"the initial memory of {pages} pages is not allowed";
            return false;
        }

        if (Table is { Minimum: uint elements } && (elements > Most.InstanceElements || !limiter.TryGrowTable(0, elements)))
        {
            failure = $"the initial table of {elements} elements is not allowed";
            return false;
        }

        failure = null;
        return true;
    }

    /// <summary>Grows the memory by some pages. Returns the old size in pages, or <see cref="Failed"/>.</summary>
    /// <param name="memory">The memory; null where there is none, and <paramref name="delta"/> is then never asked for by a valid module.</param>
    /// <exception cref="OutOfMemoryException">The host has no room. The memory is then unchanged.</exception>
    // Sound: the context belongs to the caller's instance; base and length are replaced together, by those of its own memory.
    public unsafe ulong GrowMemory(InstanceContext* context, IResourceLimiter limiter, IInstanceMemory? memory, uint delta)
    {
        ulong current = context->MemoryLength / LinearMemory.PageSize;
        ulong desired = current + delta;
        if (delta == 0) return current;

        // The limiter is asked before the instance's own bound, as in the reference: what it grants counts as used (and shows in the trace) even
        // when the instance then refuses to grow.
        if (desired > Memory?.Maximum
            || !limiter.TryGrowMemory(current * LinearMemory.PageSize, desired * LinearMemory.PageSize)
            || desired > Most.InstancePages) return Failed;

        memory!.Grow(desired);
        context->MemoryBase = memory.Base;
        context->MemoryLength = memory.Length;
        return current;
    }

    /// <summary>Grows the table by some elements of one value. Returns the old size, or <see cref="Failed"/>.</summary>
    // Sound: both engines allocate the table by NativeMemory with 8 bytes per element, and `desired` is at most the table's bound.
    public unsafe ulong GrowTable(InstanceContext* context, IResourceLimiter limiter, ulong value, uint delta)
    {
        ulong current = context->TableLength;
        ulong desired = current + delta;
        ulong maximum = Math.Min(Table?.Maximum ?? uint.MaxValue, Most.InstanceElements);
        if (delta == 0)
        {
            return current;
        }

        if (desired > maximum || !limiter.TryGrowTable(current, desired))
        {
            return Failed;
        }

        ulong* grown = (ulong*)NativeMemory.Realloc((void*)context->Table, (nuint)(Math.Max(desired, 1) * sizeof(ulong)));
        new Span<ulong>(grown + current, (int)delta).Fill(value);
        context->Table = (nint)grown;
        context->TableLength = (uint)desired;
        return current;
    }
}
