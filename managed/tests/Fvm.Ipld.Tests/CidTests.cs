// Content identifiers: known forms, leniency, order.
using NUnit.Framework;

namespace Fvm.Ipld.Tests;

public sealed class CidTests
{
    private const string DagCborOfEmptyArray = "bafy2bzacebc3bt6cedhoyw34drrmjvazhu4oj25er2ebk4u445pzycvq4ta4a";

    [Test]
    public void The_digest_of_an_empty_array_gives_the_known_CID()
    {
        Cid cid = Cid.Blake2b256(Multicodec.DagCbor, [0x80]);

        Assert.That(cid.ToString(), Has.Length.EqualTo(62));
        Assert.That(cid.ToString(), Is.EqualTo(DagCborOfEmptyArray));
    }

    [TestCase("QmdfTbBqBPQ7VNxZEYEj14VmRuZBkqFbiwReogJgS1zR1n", 0UL, Multicodec.DagPb, MultihashCode.Sha2_256)]
    [TestCase("bafkreieq5jui4j25lacwomsqgjeswwl3y5zcdrresptwgmfylxo2depppq", 1UL, Multicodec.Raw, MultihashCode.Sha2_256)]
    [TestCase("zdj7WhuEjrB52m1BisYCtmjH1hSKa7yZ3jEZ9JcXaFRD51wVz", 1UL, Multicodec.DagPb, MultihashCode.Sha2_256)]
    public void Known_texts_parse(string text, ulong version, ulong codec, ulong hashCode)
    {
        Assert.That(Cid.TryParse(text, out Cid cid), Is.True);
        Assert.That((cid.Version, cid.Codec, cid.MultihashCode, cid.DigestLength), Is.EqualTo((version, codec, hashCode, 32)));
    }
}
