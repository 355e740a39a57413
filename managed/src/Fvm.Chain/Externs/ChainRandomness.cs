using Fvm.Crypto;

namespace Fvm.Chain;

/// <summary>Randomness of a chain's tickets and beacon entries (Lotus: <c>chain/rand</c>).</summary>
/// <param name="reader">The chain.</param>
/// <param name="network">The look-back rules and beacons.</param>
/// <param name="genesisTime">Seconds since 1970.</param>
internal sealed class ChainRandomness(ChainReader reader, NetworkParameters network, ulong genesisTime)
{
    // How far back Lotus looks for a beacon entry, in tipsets.
    private const int MaxSteps = 20;

    /// <summary>Randomness of the tickets.</summary>
    /// <param name="head">The tipset that is executed.</param>
    /// <param name="epoch">The epoch; those before the genesis are taken for it.</param>
    /// <exception cref="ChainException">There is none.</exception>
    public byte[] OfTickets(Tipset head, ChainEpoch epoch) =>
        Hash(TipsetFor(head, epoch, network.RulesAt(epoch).TicketOfTipsetBefore).First.Ticket!.Value.Span);

    /// <summary>Randomness of the beacon.</summary>
    /// <param name="head">The tipset that is executed.</param>
    /// <param name="epoch">The epoch.</param>
    /// <exception cref="ChainException">There is none.</exception>
    public byte[] OfBeacon(Tipset head, ChainEpoch epoch) => Hash(EntryFor(head, epoch).Data.Span);

    private static byte[] Hash(ReadOnlySpan<byte> source)
    {
        byte[] hash = new byte[Blake2b.Size256];
        Blake2b.Hash256(source, hash);
        return hash;
    }

    private BeaconEntry EntryFor(Tipset head, ChainEpoch epoch)
    {
        BeaconLookup lookup = network.RulesAt(epoch).Beacon;
        Tipset tipset = TipsetFor(head, epoch, lookup == BeaconLookup.LatestBefore);
        if (lookup != BeaconLookup.RoundOfEpoch || epoch.Value < 0)
        {
            return Search(tipset, static entries => entries.Count > 0 ? entries[^1] : null)
                ?? throw new ChainException($"no beacon entry at or before epoch {epoch}");
        }

        // Usually in the tipset itself; where epochs are shorter than the beacon's period, further back.
        ulong round = network.RoundOf(epoch, genesisTime);
        return Search(tipset, entries => entries.FirstOrDefault(entry => entry.Round == round))
            ?? throw new ChainException($"no entry of the beacon's round {round} for epoch {epoch}");
    }

    private BeaconEntry? Search(Tipset tipset, Func<IReadOnlyList<BeaconEntry>, BeaconEntry?> select)
    {
        for (int step = 0; step < MaxSteps; step++)
        {
            if (select(tipset.First.BeaconEntries) is BeaconEntry found)
            {
                return found;
            }

            if (tipset.Epoch.Value == 0)
            {
                return null;
            }

            tipset = reader.ParentOf(tipset);
        }

        return null;
    }

    private Tipset TipsetFor(Tipset head, ChainEpoch epoch, bool before) =>
        reader.AtEpoch(head, epoch.Value < 0 ? new ChainEpoch(0) : epoch, before);
}
