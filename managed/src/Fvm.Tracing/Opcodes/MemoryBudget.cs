namespace Fvm.Tracing;

/// <summary>The memory that all open frames of a replay may have.</summary>
internal sealed class MemoryBudget
{
    /// <summary>In bytes; a message's actors may have 2 GiB (FVM), which hardly anyone can read in a log.</summary>
    public const ulong MaxBytes = 128 << 20;

    private ulong _used;

    /// <exception cref="OpcodeReplayException">There is not as much.</exception>
    public void Take(ulong bytes)
    {
        if (bytes > MaxBytes - _used)
        {
            throw new OpcodeReplayException(
                $"its contracts use more than {MaxBytes >> 20} MiB of memory, which is not replayed for a log of opcodes");
        }

        _used += bytes;
    }

    public void Return(int bytes) => _used -= (ulong)bytes;
}
