using Fvm.Wasm;

namespace Fvm;

/// <summary>Bounds the memory of all instances on a call stack together: linear memories, and 8 bytes per table element.</summary>
/// <param name="maxBytes">The bound in bytes.</param>
internal sealed class MemoryLimiter(ulong maxBytes) : IResourceLimiter
{
    private const ulong TableElementBytes = 8;

    /// <summary>Bytes in use by the call stack. The call manager restores it when a call ends.</summary>
    public ulong Used { get; internal set; }

    /// <inheritdoc/>
    public bool TryGrowMemory(ulong current, ulong desired) => TryGrow(desired > current ? desired - current : 0);

    /// <inheritdoc/>
    public bool TryGrowTable(ulong current, ulong desired) => TryGrow((desired > current ? desired - current : 0) * TableElementBytes);

    private bool TryGrow(ulong bytes)
    {
        if (bytes > maxBytes - Used) return false;

        Used += bytes;
        return true;
    }
}
