namespace Fvm.Tracing;

/// <summary>What the program of a frame is given.</summary>
internal sealed record EvmFrame
{
    /// <summary>The contract whose storage and balance it has.</summary>
    public required ActorId Actor { get; init; }

    public required EthAddress Address { get; init; }

    public required EthAddress Caller { get; init; }

    public required EthWord Value { get; init; }

    public required ReadOnlyMemory<byte> Input { get; init; }

    public required ReadOnlyMemory<byte> Code { get; init; }

    public required bool IsReadOnly { get; init; }

    /// <summary>The number of frames, with this one.</summary>
    public required int Depth { get; init; }
}
