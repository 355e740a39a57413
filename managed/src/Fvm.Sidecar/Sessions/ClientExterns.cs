using Fvm.Ipld;
using Fvm.Protocol.V1;
using Google.Protobuf;
using AnswerKind = Fvm.Protocol.V1.CallbackAnswer.AnswerOneofCase;

namespace Fvm.Sidecar;

/// <summary>The client's knowledge of the chain.</summary>
internal sealed class ClientExterns(ClientHost host) : IExterns
{
    private const int RandomnessLength = 32;

    /// <inheritdoc/>
    public byte[] GetChainRandomness(ChainEpoch epoch) =>
        Randomness(new Callback { ChainRandomness = new GetRandomness { Epoch = epoch.Value } });

    /// <inheritdoc/>
    public byte[] GetBeaconRandomness(ChainEpoch epoch) =>
        Randomness(new Callback { BeaconRandomness = new GetRandomness { Epoch = epoch.Value } });

    /// <inheritdoc/>
    public (ConsensusFault? Fault, long GasUsed) VerifyConsensusFault(
        ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ReadOnlySpan<byte> extra)
    {
        VerifyConsensusFault question = new()
        {
            First = ByteString.CopyFrom(first),
            Second = ByteString.CopyFrom(second),
            Extra = ByteString.CopyFrom(extra),
        };
        host.Calls.Externs++;
        ConsensusFaultAnswer answer = host.Ask(new Callback { ConsensusFault = question }, AnswerKind.ConsensusFault).ConsensusFault;
        if (answer.GasUsed < 0)
        {
            throw ClientHost.Mismatch($"the client's check for a consensus fault used {answer.GasUsed} gas");
        }

        if (answer.Fault is not Protocol.V1.ConsensusFault fault)
        {
            return (null, answer.GasUsed);
        }

        if (fault.Type is < Protocol.V1.ConsensusFaultType.DoubleForkMining or > Protocol.V1.ConsensusFaultType.TimeOffsetMining)
        {
            throw ClientHost.Mismatch($"the client found a consensus fault of the unknown type {(int)fault.Type}");
        }

        return (new ConsensusFault(new ActorId(fault.Miner), new ChainEpoch(fault.Epoch), (ConsensusFaultType)fault.Type), answer.GasUsed);
    }

    /// <inheritdoc/>
    public Cid GetTipsetCid(ChainEpoch epoch)
    {
        host.Calls.Externs++;
        Callback question = new() { TipsetCid = new GetTipsetCid { Epoch = epoch.Value } };
        ByteString bytes = host.Ask(question, AnswerKind.TipsetCid).TipsetCid.Cid;
        return FromClient.TryToCid(bytes, out Cid cid)
            ? cid
            : throw ClientHost.Mismatch($"the client's tipset CID for epoch {epoch.Value} is not a CID");
    }

    private byte[] Randomness(Callback question)
    {
        host.Calls.Externs++;
        ByteString randomness = host.Ask(question, AnswerKind.Randomness).Randomness.Randomness;
        return randomness.Length == RandomnessLength
            ? randomness.ToByteArray()
            : throw ClientHost.Mismatch($"the client's randomness has {randomness.Length} bytes");
    }
}
