using Fvm.Ipld;
using Fvm.Protocol.V1;
using Fvm.Vectors;
using Google.Protobuf;

namespace Fvm.Sidecar.Tests;

/// <summary>Answers callbacks from a vector, as a node would from its store and chain. Proofs verify, and there are no consensus faults.</summary>
internal sealed class VectorHost(Vector vector, IBlockstore state)
{
    private readonly MemoryBlockstore _written = new();

    public CallbackAnswer Answer(Callback callback) => callback.QuestionCase switch
    {
        Callback.QuestionOneofCase.GetBlocks => Blocks(callback.GetBlocks),
        Callback.QuestionOneofCase.HasBlocks => Existence(callback.HasBlocks),
        Callback.QuestionOneofCase.PutBlocks => Store(callback.PutBlocks),
        Callback.QuestionOneofCase.ChainRandomness => Randomness(callback.ChainRandomness.Epoch, beacon: false),
        Callback.QuestionOneofCase.BeaconRandomness => Randomness(callback.BeaconRandomness.Epoch, beacon: true),
        Callback.QuestionOneofCase.ConsensusFault => new CallbackAnswer { ConsensusFault = new ConsensusFaultAnswer() },
        Callback.QuestionOneofCase.TipsetCid => Tipset(callback.TipsetCid.Epoch),
        Callback.QuestionOneofCase.VerifySeals => Verdicts(callback.VerifySeals.Seals.Count),
        _ => Verdicts(1),
    };

    private static CallbackAnswer Verdicts(int count) => new()
    {
        Proof = new ProofAnswer { Verdicts = { Enumerable.Repeat(ProofVerdict.Valid, count) } },
    };

    private static CallbackAnswer Fatal(string why) => new()
    {
        Failure = new CallbackFailure { Kind = CallbackFailureKind.Fatal, Message = why },
    };

    private byte[]? Find(ByteString bytes)
    {
        Assert.That(Cid.TryRead(bytes.Span, out Cid cid, out _), Is.True);
        return _written.Get(in cid) ?? state.Get(in cid);
    }

    private CallbackAnswer Blocks(GetBlocks question)
    {
        BlocksAnswer answer = new();
        foreach (ByteString cid in question.Cids)
        {
            answer.Blocks.Add(Find(cid) is byte[] block ? new MaybeBlock { Data = ByteString.CopyFrom(block) } : new MaybeBlock());
        }

        return new CallbackAnswer { Blocks = answer };
    }

    private CallbackAnswer Existence(HasBlocks question) => new()
    {
        Existence = new ExistenceAnswer { Exists = { question.Cids.Select(cid => Find(cid) is not null) } },
    };

    private CallbackAnswer Store(PutBlocks question)
    {
        foreach (Protocol.V1.Block block in question.Blocks)
        {
            Assert.That(Cid.TryRead(block.Cid.Span, out Cid cid, out _), Is.True);
            _written.Put(in cid, block.Data.ToByteArray());
        }

        return new CallbackAnswer { Stored = new StoredAnswer() };
    }

    private CallbackAnswer Randomness(long epoch, bool beacon)
    {
        byte[] value = vector.Randomness.FirstOrDefault(item => item.Epoch == epoch && item.Beacon == beacon)?.Value
            ?? [.. "i_am_random_____i_am_random_____"u8];
        return new CallbackAnswer { Randomness = new RandomnessAnswer { Randomness = ByteString.CopyFrom(value) } };
    }

    private CallbackAnswer Tipset(long epoch) => vector.TipsetCids.FirstOrDefault(item => item.Epoch == epoch) is VectorTipsetCid tipset
        ? new CallbackAnswer { TipsetCid = new TipsetCidAnswer { Cid = ByteString.CopyFrom(Cid.Parse(tipset.Cid).ToBytes()) } }
        : Fatal($"the vector has no tipset for epoch {epoch}");
}
