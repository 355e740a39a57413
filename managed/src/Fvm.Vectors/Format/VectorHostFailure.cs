namespace Fvm.Vectors;

/// <summary>A call of the host that fails.</summary>
/// <param name="Call">Its kind: one of <see cref="Calls"/>.</param>
/// <param name="At">Which one of its kind since the machine was created, from 1 on.</param>
public sealed record VectorHostFailure(string Call, uint At)
{
    public const string ChainRandomness = "chain_randomness";
    public const string BeaconRandomness = "beacon_randomness";
    public const string TipsetCid = "tipset_cid";
    public const string ConsensusFault = "consensus_fault";
    public const string BlockGet = "block_get";
    public const string BlockHas = "block_has";
    public const string BlockPut = "block_put";

    /// <summary>The kinds of calls.</summary>
    public static IReadOnlyList<string> Calls { get; } =
        [ChainRandomness, BeaconRandomness, TipsetCid, ConsensusFault, BlockGet, BlockHas, BlockPut];
}
