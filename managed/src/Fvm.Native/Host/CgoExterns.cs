using Fvm.Hosting;
using Fvm.Ipld;

namespace Fvm.Native;

/// <summary>The host's externs: its knowledge of the chain.</summary>
/// <param name="host">The host's callbacks.</param>
/// <param name="externs">The host's identifier of the externs.</param>
/// <param name="calls">Counts the machine's callbacks.</param>
internal sealed class CgoExterns(HostFunctions host, ulong externs, HostCalls calls) : IExterns
{
    private const int RandomnessLength = 32;

    // The buffer for a CID, in bytes; the CID itself tells how much of it the host used.
    private const int TipsetCidRoom = 100;

    /// <inheritdoc/>
    // Sound: only passes the function on.
    public unsafe byte[] GetChainRandomness(ChainEpoch epoch) => Randomness(host.ChainRandomness, epoch, "get_chain_randomness");

    /// <inheritdoc/>
    // Sound: only passes the function on.
    public unsafe byte[] GetBeaconRandomness(ChainEpoch epoch) => Randomness(host.BeaconRandomness, epoch, "get_beacon_randomness");

    /// <inheritdoc/>
    // Sound: headers are pinned and locals stay in place until the host returns, which keeps none of them.
    public unsafe (ConsensusFault? Fault, long GasUsed) VerifyConsensusFault(
        ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ReadOnlySpan<byte> extra)
    {
        ulong miner = 0;
        long epoch = 0;
        long fault = 0;
        long gasUsed = 0;
        byte none = 0;
        int answer;
        calls.Externs++;
        fixed (byte* h1 = first, h2 = second, h3 = extra)
        {
            calls.BeforeCallback();
            answer = host.ConsensusFault(
                externs, Some(h1, &none), first.Length, Some(h2, &none), second.Length, Some(h3, &none), extra.Length,
                &miner, &epoch, &fault, &gasUsed);
            calls.AfterCallback();
        }

        Check(answer, "verify_consensus_fault");
        if (fault == 0)
        {
            return (null, gasUsed);
        }

        if (fault is < (long)ConsensusFaultType.DoubleForkMining or > (long)ConsensusFaultType.TimeOffsetMining)
        {
            throw new ExternException($"the host returned a consensus fault of unknown type {fault}");
        }

        return (new ConsensusFault(new ActorId(miner), new ChainEpoch(epoch), (ConsensusFaultType)fault), gasUsed);
    }

    /// <inheritdoc/>
    // Sound: the buffer stays in place until the host returns, and the host is told its length.
    public unsafe Cid GetTipsetCid(ChainEpoch epoch)
    {
        byte* bytes = stackalloc byte[TipsetCidRoom];
        new Span<byte>(bytes, TipsetCidRoom).Clear();
        calls.Externs++;
        calls.BeforeCallback();
        int answer = host.TipsetCid(externs, epoch.Value, bytes, TipsetCidRoom);
        calls.AfterCallback();
        Check(answer, "get_tipset_cid");
        return Cid.TryRead(new ReadOnlySpan<byte>(bytes, TipsetCidRoom), out Cid cid, out _)
            ? cid
            : throw new ExternException($"the tipset CID returned by the host for epoch {epoch.Value} is not a CID");
    }

    // Sound: never read: where the pointer is null the length is 0.
    private static unsafe byte* Some(byte* pointer, byte* none) => pointer == null ? none : pointer;

    // Sound: the array is pinned and has the length that the host's interface names.
    private unsafe byte[] Randomness(delegate*<ulong, long, byte*, int> function, ChainEpoch epoch, string name)
    {
        byte[] output = new byte[RandomnessLength];
        calls.Externs++;
        fixed (byte* bytes = output)
        {
            calls.BeforeCallback();
            int answer = function(externs, epoch.Value, bytes);
            calls.AfterCallback();
            Check(answer, name);
        }

        return output;
    }

    private void Check(int answer, string function)
    {
        if (answer == 0)
        {
            return;
        }

        throw new ExternException(answer switch
        {
            HostAnswers.ThreadEnded => calls.Break($"the host's {function} ended its thread (pthread_exit) instead of returning"),
            > 0 => calls.Break($"invalid return value from {function}: {answer}"),
            HostAnswers.InvalidHandle => calls.Break($"extern {externs} not registered"),
            _ => $"the host's {function} failed with error code {answer}",
        });
    }
}
