using Fvm.Ipld;

namespace Fvm;

/// <summary>The settings of a machine: one epoch on top of one state.</summary>
public sealed record MachineContext
{
    /// <summary>The network's settings.</summary>
    public required NetworkConfig Network { get; init; }

    /// <summary>The epoch of the messages.</summary>
    public required ChainEpoch Epoch { get; init; }

    /// <summary>The tipset's time in seconds since 1970.</summary>
    public required ulong Timestamp { get; init; }

    /// <summary>The base fee, in attoFIL per unit of gas.</summary>
    public required TokenAmount BaseFee { get; init; }

    /// <summary>The circulating supply in attoFIL.</summary>
    public required TokenAmount CirculatingSupply { get; init; }

    /// <summary>The state root that the messages run on.</summary>
    public required Cid InitialStateRoot { get; init; }

    /// <summary>Whether results include a trace.</summary>
    public bool Tracing { get; init; }

    /// <summary>Whether traces include the syscalls of actors (<see cref="SyscallEvent"/>).</summary>
    public bool TracesSyscalls { get; init; }

    /// <summary>Approximate memory limit per message's trace, in bytes (<see cref="ExecutionTrace"/>).</summary>
    public long MaxTraceBytes { get; init; } = ExecutionTrace.DefaultMaxBytes;

    /// <summary>Whether a flush writes all created blocks, not only those reachable from the new state root.</summary>
    public bool FlushAllBlocks { get; init; }
}
