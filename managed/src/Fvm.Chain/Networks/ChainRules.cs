namespace Fvm.Chain;

/// <summary>What a node does differently by network version, outside of the machine.</summary>
internal sealed record ChainRules
{
    private static readonly ChainRules From0 = new() { TicketOfTipsetBefore = true, Beacon = BeaconLookup.LatestBefore };
    private static readonly ChainRules From13 = new() { Beacon = BeaconLookup.LatestAfter };
    private static readonly ChainRules From14 = new() { Beacon = BeaconLookup.RoundOfEpoch };
    private static readonly ChainRules From16 = From14 with { RoundsFromOne = true };
    private static readonly ChainRules From18 = From16 with { EventsInReceipts = true };
    private static readonly ChainRules From23 = From18 with { MarketIsLocked = false };
    private static readonly ChainRules From25 = From23 with { LaterReserve = true };

    /// <summary>Whether a null round's ticket is that of the tipset before it, not after it.</summary>
    public bool TicketOfTipsetBefore { get; init; }

    /// <summary>Which beacon entry is an epoch's.</summary>
    public required BeaconLookup Beacon { get; init; }

    /// <summary>Whether the beacon's rounds are numbered from 1.</summary>
    public bool RoundsFromOne { get; init; }

    /// <summary>Whether receipts have the root of the events.</summary>
    public bool EventsInReceipts { get; init; }

    /// <summary>Whether the market's collateral is taken off the circulating supply (until FIP-0085).</summary>
    public bool MarketIsLocked { get; init; } = true;

    /// <summary>Whether the reserve counts from the amount that FIP-0100 gave some networks.</summary>
    public bool LaterReserve { get; init; }

    /// <summary>The rules of a network version.</summary>
    public static ChainRules Of(uint version) => version switch
    {
        < 13 => From0,
        13 => From13,
        < 16 => From14,
        < 18 => From16,
        < 23 => From18,
        < 25 => From23,
        _ => From25,
    };
}
