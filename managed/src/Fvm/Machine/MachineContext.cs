using Fvm.Ipld;

namespace Fvm;

/// <summary>What a machine is made for: one epoch on top of one state.</summary>
public sealed record MachineContext
{
    /// <summary>The network's settings.</summary>
    public required NetworkConfig Network { get; init; }

    /// <summary>The epoch whose messages run.</summary>
    public required ChainEpoch Epoch { get; init; }

    /// <summary>The tipset's time in seconds since 1970.</summary>
    public required ulong Timestamp { get; init; }

    /// <summary>attoFIL a unit of gas.</summary>
    public required TokenAmount BaseFee { get; init; }

    /// <summary>The circulating supply in attoFIL.</summary>
    public required TokenAmount CirculatingSupply { get; init; }

    /// <summary>The state root that the messages run on.</summary>
    public required Cid InitialStateRoot { get; init; }

    /// <summary>Whether results carry a trace.</summary>
    public bool Tracing { get; init; }

    /// <summary>About how many bytes one message's trace may take (<see cref="ExecutionTrace"/>).</summary>
    public long MaxTraceBytes { get; init; } = ExecutionTrace.DefaultMaxBytes;

    /// <summary>Whether a flush writes every block that was made, and not only those that the new state root reaches.</summary>
    public bool FlushAllBlocks { get; init; }
}
