using Fvm.Protocol.V1;
using Google.Protobuf;

namespace SidecarClient;

/// <summary>Answers from a vector: no consensus fault is found, and every proof verifies.</summary>
public sealed class VectorNode(Vector vector, Dictionary<ByteString, ByteString>? bundle = null) : INode
{
    private readonly Dictionary<ByteString, ByteString> _put = [];

    /// <summary>Called before each get.</summary>
    public Action? BeforeGet { get; set; }

    /// <summary>How many gets there were.</summary>
    public int Gets { get; private set; }

    /// <summary>How many checks for consensus faults there were.</summary>
    public int FaultChecks { get; private set; }

    public ByteString? Get(ByteString cid)
    {
        Gets++;
        BeforeGet?.Invoke();
        return _put.GetValueOrDefault(cid) ?? vector.Blocks.GetValueOrDefault(cid) ?? bundle?.GetValueOrDefault(cid);
    }

    public void Put(IEnumerable<Block> blocks)
    {
        foreach (Block block in blocks)
        {
            _put[block.Cid] = block.Data;
        }
    }

    public ByteString Randomness(long epoch, bool beacon) =>
        vector.Randomness.GetValueOrDefault((beacon, epoch)) ?? ByteString.CopyFromUtf8("i_am_random_____i_am_random_____");

    public ByteString TipsetCid(long epoch) =>
        vector.Tipsets.GetValueOrDefault(epoch) ?? throw new NoAnswerException($"the vector has no tipset of epoch {epoch}");

    public ConsensusFaultAnswer CheckConsensusFault(VerifyConsensusFault headers)
    {
        FaultChecks++;
        return new ConsensusFaultAnswer();
    }

    public IEnumerable<ProofVerdict> Verify(Callback question) => Enumerable.Repeat(ProofVerdict.Valid, question.VerifySeals?.Seals.Count ?? 1);
}
