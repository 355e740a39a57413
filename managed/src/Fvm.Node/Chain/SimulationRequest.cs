namespace Fvm.Node;

/// <summary>Blocks to simulate, each on the state behind the one before.</summary>
/// <param name="Blocks">The blocks; those that are missing between their numbers are empty ones.</param>
/// <param name="TracesTransfers">Whether calls have logs of the value that they move.</param>
/// <param name="Validates">Whether nonces and base fees are checked as those of transactions are; if not, calls need no fees.</param>
internal sealed record SimulationRequest(IReadOnlyList<BlockToSimulate> Blocks, bool TracesTransfers, bool Validates)
{
    /// <summary>The most blocks, those in gaps counted: how far BLOCKHASH reaches.</summary>
    public const int MaxBlocks = 256;

    /// <summary>The most calls of all blocks.</summary>
    public const int MaxCalls = 10_000;

    /// <summary>The most gas that all calls use: ten blocks' worth.</summary>
    public ulong MaxGas { get; init; } = 10 * LocalChain.BlockGasLimit;

    /// <summary>The longest time, without that before it begins.</summary>
    public TimeSpan MaxTime { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The most bytes of returned data and logs.</summary>
    public const long MaxOutputBytes = 16 << 20;
}
