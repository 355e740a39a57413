using Fvm.Ipld;
using Fvm.Vectors;

namespace Fvm.Slowest;

/// <summary>Canned results of the vectors' host functions.</summary>
internal static class Answers
{
    /// <summary>Epochs queried by loops: the latest, and one far back.</summary>
    public static readonly long[] Epochs = [LoopVector.Epoch - 1, LoopVector.Epoch - 800];

    public static IEnumerable<VectorRandomness> Randomness =>
        from epoch in Epochs from beacon in (bool[])[false, true] select new VectorRandomness(beacon, epoch, new byte[32]);

    public static IEnumerable<VectorTipsetCid> TipsetCids =>
        from epoch in Epochs select new VectorTipsetCid(epoch, Cid.Blake2b256(Multicodec.DagCbor, [0x80]).ToString());
}
