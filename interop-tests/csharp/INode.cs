using Fvm.Protocol.V1;
using Google.Protobuf;

namespace SidecarClient;

/// <summary>
/// The node's side of a machine: chain, blockstore and proofs. An exception ends the call without a result, unless it is
/// <see cref="NoAnswerException"/>.
/// </summary>
public interface INode
{
    /// <summary>A block, or null if there is none.</summary>
    ByteString? Get(ByteString cid);

    bool Has(ByteString cid) => Get(cid) is not null;

    void Put(IEnumerable<Block> blocks);

    /// <summary>32 bytes of the chain's tickets, or of the beacon.</summary>
    ByteString Randomness(long epoch, bool beacon);

    ByteString TipsetCid(long epoch);

    ConsensusFaultAnswer CheckConsensusFault(VerifyConsensusFault headers);

    /// <summary>The verdicts on the proofs of a question: one, or one per seal of a batch.</summary>
    IEnumerable<ProofVerdict> Verify(Callback question);
}

/// <summary>The chain has no answer: the message ends with exit code 10, as with the reference.</summary>
public sealed class NoAnswerException(string message) : Exception(message);
