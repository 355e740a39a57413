namespace Fvm.Chain;

/// <summary>Which tipset's beacon entry is the randomness of an epoch.</summary>
internal enum BeaconLookup
{
    /// <summary>The last entry at the epoch, or before it for a null round.</summary>
    LatestBefore,

    /// <summary>The last entry at the epoch, or after it for a null round.</summary>
    LatestAfter,

    /// <summary>The entry of the epoch's round, from the tipset at the epoch, or after it for a null round.</summary>
    RoundOfEpoch,
}
