using Fvm.Ipld;

namespace Fvm.Chain;

/// <summary>
/// Finds consensus faults in block headers (Lotus: <c>chain/vm/fvm.go</c>). The headers need not be blocks of the chain: any that their miner
/// signed prove a fault.
/// </summary>
/// <param name="reader">The chain.</param>
/// <param name="network">The network's epochs.</param>
internal sealed class ConsensusFaults(ChainReader reader, NetworkParameters network)
{
    private const long Finality = 900;

    /// <summary>Checks headers.</summary>
    /// <param name="head">The tipset that is executed.</param>
    /// <param name="epoch">The epoch that is executed: that of the tipset, or a null round before it.</param>
    /// <param name="state">The state before this epoch's messages, in which worker keys are resolved.</param>
    /// <param name="first">The header of the lower or the same epoch.</param>
    /// <param name="second">The other header.</param>
    /// <param name="extra">For parent grinding, a header between the two; otherwise empty.</param>
    /// <returns>The fault or null; and the gas for blocks of the state that were read.</returns>
    public (ConsensusFault? Fault, long GasUsed) Verify(
        Tipset head, ChainEpoch epoch, in Cid state, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ReadOnlySpan<byte> extra)
    {
        if (TryDecode(first) is not BlockHeader a || TryDecode(second) is not BlockHeader b) return (null, 0);

        if (a.ToCid() == b.ToCid() || IsNearFix(a.Epoch) || IsNearFix(b.Epoch)) return (null, 0);
        if (a.Miner != b.Miner || b.Epoch < a.Epoch) return (null, 0);

        // The last one that applies is reported.
        ConsensusFaultType? type = null;
        type = a.Epoch == b.Epoch ? ConsensusFaultType.DoubleForkMining : type;
        type = a.Epoch != b.Epoch && HaveSameMembers(a.Parents, b.Parents) ? ConsensusFaultType.TimeOffsetMining : type;
        if (!extra.IsEmpty)
        {
            if (TryDecode(extra) is not BlockHeader c) return (null, 0);

            bool grinds = a.Epoch == c.Epoch && HaveSameMembers(a.Parents, c.Parents)
                && b.Parents.Contains(c.ToCid()) && !b.Parents.Contains(a.ToCid());
            type = grinds ? ConsensusFaultType.ParentGrinding : type;
        }

        if (type is not ConsensusFaultType kind) return (null, 0);

        WorkerKeys keys = new(reader, network, head, epoch, state);
        return keys.HasSigned(a, Finality) && keys.HasSigned(b, Finality)
            ? (new ConsensusFault(IdOf(a.Miner), b.Epoch, kind), keys.GasUsed)
            : (null, keys.GasUsed);
    }

    private static BlockHeader? TryDecode(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return BlockHeader.Decode(bytes);
        }
        catch (CborException)
        {
            return null;
        }
    }

    // Lotus compares lists as sets, of the same length.
    private static bool HaveSameMembers(IReadOnlyList<Cid> left, IReadOnlyList<Cid> right)
    {
        HashSet<Cid> members = [.. left];
        return left.Count == right.Count && right.All(members.Contains);
    }

    private static ActorId IdOf(Address miner) => miner.TryGetId(out ActorId id)
        ? id
        : throw new ExternException($"the miner {miner} at fault is not named by its ID");

    private bool IsNearFix(ChainEpoch epoch) =>
        network.WatermelonFix >= 0 && epoch.Value > network.WatermelonFix - Finality && epoch.Value < network.WatermelonFix + Finality;
}
